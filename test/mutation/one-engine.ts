import { beforeAll } from "@jest/globals";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";

let engine: Awaited<ReturnType<typeof startEmbeddedDatabase>>;

// Comes before the hooks of the tests, which then open their tables in this engine.
beforeAll(async () => {
  engine = await startEmbeddedDatabase();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.endpoint;
});

export const closeEngine = async () => {
  delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
  await engine.close();
};
