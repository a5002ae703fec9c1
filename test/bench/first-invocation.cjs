// Loads a bundle as Lambda's runtime does, and invokes it once. Prints what each phase
// took of the clock and of the main thread's processor time, in milliseconds. Not in TypeScript: taking off the types
// would warm Node up.
const { pathToFileURL } = require("node:url");
const { setTimeout: wait } = require("node:timers/promises");
// Lambda's own code has loaded this, and has started the loader of ES modules.
require("node:http");

const [path, name, event, pauseMs] = process.argv.slice(2);
const context = { awsRequestId: "bench", getRemainingTimeInMillis: () => 6000 };

const now = () => {
  const { user, system } = process.threadCpuUsage();
  return { ms: performance.now(), cpuMs: (user + system) / 1000 };
};

const measure = async () => {
  await import("data:text/javascript,");
  const url = pathToFileURL(path);
  const request = JSON.parse(event);
  const started = now();
  const module = await import(url);
  const handler = module[name] ?? module.default[name];
  const loaded = now();
  console.log("loaded");
  await wait(Number(pauseMs));
  const invoked = now();
  const { statusCode, body } = await handler(request, context);
  const responded = now();
  if (statusCode !== 201) throw new Error(`${path} responded with ${statusCode} ${body}`);
  const load = { ms: loaded.ms - started.ms, cpuMs: loaded.cpuMs - started.cpuMs };
  // A warm-up that still runs in the pause costs no time by the clock, but CPU time.
  const first = { ms: responded.ms - invoked.ms, cpuMs: responded.cpuMs - loaded.cpuMs };
  const both = { ms: load.ms + first.ms, cpuMs: load.cpuMs + first.cpuMs };
  console.log(JSON.stringify({ load, first, both }));
  process.exit();
};

measure();
