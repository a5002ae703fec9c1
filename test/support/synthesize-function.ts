import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

interface FunctionResource {
  readonly Properties: {
    readonly Handler: string;
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  };
  readonly Metadata: Readonly<Record<string, string>>;
}

/**
 * Synthesizes the stack into a folder, as it is deployed.
 * @returns the function's variables, the file of its bundle, and the handler's name in it
 */
export const synthesizeFunction = async (output: string) => {
  await run(process.execPath, ["node_modules/aws-cdk/bin/cdk", "synth", "--quiet", "--output", output]);
  const template = JSON.parse(await readFile(join(output, "StudySessions.template.json"), "utf8"));
  const resources: Partial<FunctionResource>[] = Object.values(template.Resources);
  const resource = resources.find(({ Properties }) => Properties?.Environment?.Variables?.TABLE_NAME);
  const { Properties, Metadata } = resource ?? {};
  const [file = "", handlerName = ""] = Properties?.Handler.split(".") ?? [];
  return {
    variables: Properties?.Environment.Variables,
    file: join(output, Metadata?.["aws:asset:path"] ?? "", `${file}.mjs`),
    handlerName,
  };
};
