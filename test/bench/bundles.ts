import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { synthesizeFunctions } from "../support/synthesize-functions.ts";

export interface Bundle {
  readonly path: string;
  readonly handlerName: string;
  readonly bytes: number;
}

const ROOT = join(import.meta.dirname, "../..");

/** esbuild's defaults for a bundle that Node runs. */
const DEFAULTS: BuildOptions = { bundle: true, platform: "node", target: "node24", logLevel: "error" };

const describeBundle = async (path: string, handlerName = "handler"): Promise<Bundle> => ({
  path,
  handlerName,
  bytes: (await stat(path)).size,
});

const bundle = async (source: string, outfile: string, options: BuildOptions) => {
  await build({ ...DEFAULTS, ...options, entryPoints: [join(ROOT, source)], outfile });
  return describeBundle(outfile);
};

/** Bundles the function as `cdk synth` does for a deployment. */
const bundleDeployed = async (folder: string) => {
  const { file, handlerName } = (await synthesizeFunctions(folder)).write;
  return describeBundle(file, handlerName);
};

/** Replaces the warm-up in a bundle, so that the bundle only loads the SDK. */
const removeWarmUp = async ({ path, handlerName }: Bundle, outfile: string) => {
  const code = await readFile(path, "utf8");
  const changed = code.replace(/\bready=warmUp\(\{[^}]*\}\)/, "ready=undefined");
  if (changed === code) throw new Error(`${path} has no warm-up`);
  await writeFile(outfile, changed);
  return describeBundle(outfile, handlerName);
};

/** Puts all bundles into the folder. */
export const createBundles = async (folder: string) => {
  const ours = await bundleDeployed(join(folder, "cdk.out"));
  return {
    ours,
    "ours, no warm-up": await removeWarmUp(ours, join(folder, "no-warm-up.mjs")),
    // The best that can be done with the SDK as it is.
    bare: await bundle("test/bench/competitors/bare.ts", join(folder, "bare.mjs"), {
      format: "esm",
      minify: true,
      mainFields: ["module", "main"],
    }),
    // NodejsFunction's default leaves the SDK to the runtime.
    "cdk-default": await bundle("functions/write-function.ts", join(folder, "cdk-default.cjs"), {
      format: "cjs",
      external: ["@aws-sdk/*", "@smithy/*"],
    }),
  };
};
