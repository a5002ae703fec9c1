import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { synthesizeFunction } from "../support/synthesize-function.ts";

export interface Bundle {
  readonly path: string;
  readonly handlerName: string;
  readonly bytes: number;
}

const ROOT = join(import.meta.dirname, "../..");

/** esbuild's defaults for a bundle that Node runs. */
const DEFAULTS: BuildOptions = { bundle: true, platform: "node", target: "node24", logLevel: "error" };

const bundle = async (source: string, outfile: string, options: BuildOptions): Promise<Bundle> => {
  await build({ ...DEFAULTS, ...options, entryPoints: [join(ROOT, source)], outfile });
  return { path: outfile, handlerName: "handler", bytes: (await stat(outfile)).size };
};

/** The one that `cdk synth` makes and `cdk deploy` would bring to Lambda. */
const bundleDeployed = async (folder: string): Promise<Bundle> => {
  const { file, handlerName } = await synthesizeFunction(folder);
  return { path: file, handlerName, bytes: (await stat(file)).size };
};

/** Puts all bundles into the folder. */
export const createBundles = async (folder: string) => ({
  ours: await bundleDeployed(join(folder, "cdk.out")),
  bare: await bundle("test/bench/competitors/bare.ts", join(folder, "bare.mjs"), {
    format: "esm",
    // The SDK's CommonJS files require Node's modules, which an ES module can't without this.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  }),
  // What NodejsFunction does when it is told nothing: the SDK is the runtime's.
  "cdk-default": await bundle("functions/write-function.ts", join(folder, "cdk-default.cjs"), {
    format: "cjs",
    external: ["@aws-sdk/*", "@smithy/*"],
  }),
  express: await bundle("test/bench/competitors/express.ts", join(folder, "express.cjs"), { format: "cjs" }),
});
