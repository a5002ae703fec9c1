import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findExamples } from "./support/documentation.ts";
import { type Fate, startFaultyProxy } from "./support/faulty-proxy.ts";
import { createService } from "./support/service.ts";
import { startTestGateway } from "./support/test-gateway.ts";
import { openTestTable, type TestTable } from "./support/test-table.ts";

type CreateStudySession = (api: string, group_id: unknown, study_activity_id: unknown) => Promise<unknown>;

let table: TestTable;
let service: ReturnType<typeof createService>;
let createStudySession: CreateStudySession;

beforeAll(async () => {
  table = await openTestTable();
  service = createService(table.endpoint, table.tableName);
  const [code] = findExamples("docs/calling.md", "A client that retries", "js");
  createStudySession = new Function(`${code}; return createStudySession;`)();
});

afterAll(async () => {
  service.client.destroy();
  await table.close();
});

/** Runs the documented client against a server whose connections meet these fates, one after the other. */
const runClient = async (fates: Fate[], ...ids: [unknown, unknown]) => {
  service.log.length = 0;
  let isBusy = true;
  const gateway = await startTestGateway(async (event, context) => {
    if (!isBusy) return service.handler(event, context);
    isBusy = false;
    return { statusCode: 503, headers: { "Retry-After": "0.1" }, body: "{}" };
  });
  const proxy = await startFaultyProxy(gateway.url, () => fates.shift() ?? "passed");
  const session = await createStudySession(proxy.endpoint, ...ids).catch((error: Error) => error.message);
  await proxy.close();
  await gateway.close();
  return session;
};

test("the documented client creates one session over a bad connection", async () => {
  const session = await runClient(["dropped", "passed", "answer lost"], 1, 2);
  const [created, replayed, ...others] = service.log.map(({ status, id }) => ({ status, id }));
  expect(created).toEqual({ status: 201, id: expect.any(Number) });
  expect(replayed).toEqual(created);
  expect(others).toEqual([]);
  expect(session).toMatchObject({ id: created?.id, group_id: 1, study_activity_id: 2 });
});

test("the documented client does not repeat what can't succeed", async () => {
  expect(await runClient([], "x", 2)).toBe('{"error":"group_id must be a positive integer"}');
  expect(service.log).toHaveLength(1);
});
