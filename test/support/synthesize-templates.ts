import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TemplateName } from "./template-settings.ts";

const run = promisify(execFile);

export interface Synthesis {
  readonly templates: Readonly<
    Record<
      TemplateName,
      { readonly template: Readonly<Record<string, unknown>>; readonly terminationProtection: boolean }
    >
  >;
  /** The report on the rules that the templates break; empty when they break none. */
  readonly problems: string;
}

/** Synthesizes all templates in a process of its own, because this blocks a process for more than a second. */
export const synthesizeTemplates = async (...options: readonly string[]): Promise<Synthesis> => {
  const { stdout } = await run(process.execPath, ["test/support/print-templates.ts", ...options], {
    env: { ...process.env, NODE_OPTIONS: "" },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
};
