import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { errorMessage } from "../../lib/error-message.ts";
import { synthesizeTemplates } from "./synthesize-templates.ts";

const createTemplateServer = () => {
  let synthesis: ReturnType<typeof synthesizeTemplates> | undefined;
  return createServer(async (_, response) => {
    synthesis ??= synthesizeTemplates();
    try {
      response.end(JSON.stringify(await synthesis));
    } catch (error) {
      response.writeHead(500).end(errorMessage(error));
    }
  });
};

let server: Server | undefined;

/**
 * Serves the templates to the tests of a run of jest, whose workers inherit the variable. The first test that needs
 * one starts the synthesis, so a run without such a test has none.
 */
export const startSharedTemplates = async () => {
  server = createTemplateServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  process.env.TEST_TEMPLATES_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export const closeSharedTemplates = () => {
  server?.close();
  server?.closeAllConnections();
};
