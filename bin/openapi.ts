import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createOpenApiDocument } from "../lib/openapi-document.ts";

const USAGE = `Usage: npm run openapi -- [url] [--output <file>]

Writes the OpenAPI document of the service.

  url               where the service is: the output Endpoint of the stack, or http://localhost:5000
  --output <file>   the file to write: openapi.json
  --help            shows this

It ends with 0 when the document was written, 1 when it could not be, 2 when it was called wrongly.`;

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { output: { type: "string", default: "openapi.json" }, help: { type: "boolean" } },
    });
    const [server = "http://localhost:5000", ...others] = positionals;
    if (others.length > 0) throw new Error("One URL is enough");
    if (!URL.canParse(server)) throw new Error(`"${server}" is not a URL`);
    return { server, output: values.output, isHelp: values.help };
  } catch (error) {
    console.error(`${error instanceof Error && error.message}\n\n${USAGE}`);
    process.exit(2);
  }
};

const { server, output, isHelp } = readArguments();
if (isHelp) {
  console.log(USAGE);
} else {
  try {
    await writeFile(output, `${JSON.stringify(createOpenApiDocument(server), undefined, 2)}\n`);
    console.log(`${output} describes ${server}`);
  } catch (error) {
    console.error(`${output} can't be written: ${error instanceof Error && error.message}`);
    process.exitCode = 1;
  }
}
