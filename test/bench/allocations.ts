import { interleave, median } from "./measure.ts";
import { createWarmHandlers, invokeRepeatedly } from "./warm-handlers.ts";

// A process of its own, whose new space is so large that nothing is collected between the two readings of the heap.
const INVOCATIONS = 100;

const rounds = Number(process.argv[2]);
const { bare, ours } = await createWarmHandlers();

const measure = (handler: typeof bare) => async () => {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await invokeRepeatedly(handler, INVOCATIONS);
  return (process.memoryUsage().heapUsed - before) / INVOCATIONS;
};

const samples = await interleave({ bare: measure(bare), ours: measure(ours) }, rounds);
console.log(JSON.stringify({ bare: median(samples.bare), ours: median(samples.ours) }));
