import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createStudySessionStore } from "../../../functions/sessions/study-session-store.ts";
import { startEmbeddedDatabase } from "../../../lib/database/engine/embedded-engine.ts";
import { connectToEngine } from "../../../lib/database/local-table.ts";
import { startLocalService } from "../../../lib/local/local-service.ts";

let engine: Awaited<ReturnType<typeof startEmbeddedDatabase>>;
let service: Awaited<ReturnType<typeof startLocalService>>;

type Options = Parameters<typeof startLocalService>[0];

const start = (options: Partial<Options> = {}) =>
  startLocalService({
    tableName: "StudySessions",
    allowedOrigins: ["*"],
    idBlockSize: 1,
    referenceCacheSeconds: 60,
    logLevel: "INFO",
    dataDir: "not used",
    endpoint: engine.endpoint,
    port: 0,
    onResponse: () => {},
    onError: () => {},
    writeLog: () => {},
    ...options,
  });

beforeEach(async () => {
  engine = await startEmbeddedDatabase();
  service = await start();
});

afterEach(async () => {
  await service.close();
  await engine.close();
});

test("requests for the names share one scan while it runs, and the next request starts a new one", async () => {
  const first = service.readReferences();
  expect(service.readReferences()).toBe(first);
  expect((await first).groups).toHaveLength(2);
  const second = service.readReferences();
  expect(second).not.toBe(first);
  await second;
});

test("a scan that fails is not kept", async () => {
  const client = connectToEngine(engine.endpoint);
  await client.send(new DeleteTableCommand({ TableName: "StudySessions" }));
  client.destroy();
  const first = service.readReferences();
  await expect(first).rejects.toThrow("not found");
  const second = service.readReferences();
  expect(second).not.toBe(first);
  await expect(second).rejects.toThrow("not found");
});

test("a service whose port is taken closes its store", async () => {
  let isClosed = false;
  const openStore: Options["openStore"] = async ({ client, tableName }) => ({
    store: createStudySessionStore({ client, tableName, idBlockSize: 1, referenceCacheSeconds: 0 }),
    close: async () => {
      isClosed = true;
    },
  });
  await expect(start({ port: service.port, openStore })).rejects.toThrow("uses port");
  expect(isClosed).toBe(true);
});
