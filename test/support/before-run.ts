import { join } from "node:path";
import { startSharedEngine } from "./shared-engine.ts";
import { startSharedTemplates } from "./shared-templates.ts";

/** Prepares a run of jest, whose workers inherit the variables. */
export default async (_: unknown, { cacheDirectory }: { readonly cacheDirectory: string }) => {
  // A short process spends half of its time on compiling what it loads.
  process.env.NODE_COMPILE_CACHE ??= join(cacheDirectory, "node");
  await startSharedEngine();
  await startSharedTemplates();
};
