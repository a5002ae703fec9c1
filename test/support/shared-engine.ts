import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";

let engine: Awaited<ReturnType<typeof startEmbeddedDatabase>> | undefined;

/** Starts the engine in which the tests of a run of jest open their tables. The workers of jest inherit the variable. */
export const startSharedEngine = async () => {
  engine = await startEmbeddedDatabase();
  process.env.TEST_ENGINE_URL = engine.endpoint;
};

export const closeSharedEngine = () => engine?.close();
