import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { FAULTS } from "../../support/faults.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { listRequest, readRequest } from "../../support/page-walk.ts";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { startService, startServiceBehindProxy } = useTable();

test("the deadline aborts what the request still waits for, and the client gets 503", async () => {
  const { client, send, log } = startService();
  await send(createRequest());
  const signals: (AbortSignal | undefined)[] = [];
  interceptCalls(client, (intercepted) => {
    signals.push(intercepted.signal);
    return FAULTS.hanging(intercepted);
  });
  expect(await send(createRequest(), 800)).toMatchObject({
    status: 503,
    body: '{"error":"Service is busy, try again"}',
    headers: { "retry-after": "1", "access-control-allow-origin": "*" },
  });
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, true]);
  expect(log.at(-1)).toMatchObject({
    level: "ERROR",
    status: 503,
    cause: expect.stringContaining("The time of the function was over"),
  });
});

test.each([
  ["a create", createRequest(), 201],
  ["a create with a key", createRequest(randomUUID()), 201],
  ["a read", readRequest(1), 200],
  ["a list", listRequest(), 200],
])("a slow but healthy database gets its time for %s", async (_, request, status) => {
  await startService().send(createRequest());
  const { send } = await startServiceBehindProxy(() => "slow");
  expect(await send(request)).toMatchObject({ status });
});
