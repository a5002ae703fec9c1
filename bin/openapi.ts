import { writeFile } from "node:fs/promises";
import { errorMessage } from "../lib/error-message.ts";
import { createOpenApiDocument } from "../lib/openapi/openapi-document.ts";
import { runCommand } from "./command-line.ts";
import { resolveFile } from "./resolve-file.ts";

const USAGE = `Usage: npm run openapi -- [url] [--output <file>]

Writes the OpenAPI document of the service.

  url               where the service is: the output ApiUrl of the stack, or http://localhost:5000
  --output <file>   the file to write: openapi.json
  --help            shows this

Exit codes: 0 the document is written; 1 it can't be written; 2 an argument is wrong.`;

const writeDocument = async ({ server, output }: { readonly server: string; readonly output: string }) => {
  try {
    await writeFile(output, `${JSON.stringify(createOpenApiDocument(server), undefined, 2)}\n`);
  } catch (cause) {
    throw new Error(`${output} can't be written: ${errorMessage(cause)}`, { cause });
  }
  console.log(`${output} describes ${server}`);
};

await runCommand({
  usage: USAGE,
  options: { output: { type: "string", default: "openapi.json" } },
  readArguments: ({ values, positionals: [server = "http://localhost:5000", ...others] }) => {
    if (others.length > 0) throw new Error("One URL is enough");
    if (!URL.canParse(server)) throw new Error(`"${server}" is not a URL`);
    return { server, output: resolveFile(values.output) };
  },
  run: writeDocument,
});
