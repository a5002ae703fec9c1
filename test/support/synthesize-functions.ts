import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import cdkJson from "../../cdk.json" with { type: "json" };

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

/** The CDK's command also asks the app for the paths of the bundles. */
const CONTEXT = { ...cdkJson.context, "aws:cdk:enable-asset-metadata": true };

/**
 * Synthesizes the stack into a folder, with the bundles that are deployed, and finds its functions there.
 * @param project - the folder of the project, or of a copy
 */
export const synthesizeFunctions = async (output: string, project = ".") => {
  await run(process.execPath, ["bin/study-sessions.ts"], {
    cwd: project,
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      CDK_OUTDIR: output,
      CDK_CONTEXT_JSON: JSON.stringify(CONTEXT),
      CDK_VALIDATION: "false",
    },
  });
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
