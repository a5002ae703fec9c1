import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const TYPE = "AWS::Lambda::Function";

interface FunctionResource {
  readonly Type: string;
  readonly Properties: {
    readonly Handler: string;
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  };
  readonly Metadata: Readonly<Record<string, string>>;
}

export interface DeployedFunction {
  readonly variables: Readonly<Record<string, unknown>>;
  /** The path of the bundle. */
  readonly file: string;
  readonly handlerName: string;
}

/** Synthesizes the stack into a folder, as it is deployed, and finds its functions there. */
export const synthesizeFunctions = async (output: string) => {
  await run(process.execPath, ["node_modules/aws-cdk/bin/cdk", "synth", "--quiet", "--output", output]);
  const template = JSON.parse(await readFile(join(output, "StudySessions.template.json"), "utf8"));
  const resources = Object.entries<FunctionResource>(template.Resources);

  const find = (name: string): DeployedFunction => {
    const [, resource] = resources.find(([id, { Type }]) => Type === TYPE && id.includes(name)) ?? [];
    if (!resource) throw new Error(`The template has no function ${name}`);
    const { Properties, Metadata } = resource;
    const [file = "", handlerName = ""] = Properties.Handler.split(".");
    return {
      variables: Properties.Environment.Variables,
      file: join(output, Metadata["aws:asset:path"] ?? "", `${file}.mjs`),
      handlerName,
    };
  };

  return { write: find("CreateStudySession"), read: find("ReadStudySessions") };
};
