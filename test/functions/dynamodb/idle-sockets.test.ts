import { afterEach, expect, jest, test } from "@jest/globals";
import { startNetwork } from "../../support/network.ts";
import { createRequest } from "../../support/requests.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { openTestTable } from "../../support/test-table.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closers.splice(0)) await close();
});

const passTime = (ms: number) => {
  const now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => now + ms);
};

test.each([
  ["after a long pause, uses no connection from before it", 3_600_000, false],
  ["in between, uses the connections that it has", 30_000, true],
])("%s", async (_, pauseMs, areReused) => {
  const table = await openTestTable();
  const network = await startNetwork(table.endpoint);
  const { client, handler } = createService(network.endpoint, table.tableName);
  closers.push(() => client.destroy(), network.close, table.close);
  const send = sendToHandler(handler);
  await send(createRequest());
  const opened = network.countConnections();
  if (!areReused) network.silence();
  passTime(pauseMs);
  expect(await send(createRequest())).toMatchObject({ status: 201 });
  expect(network.countLost()).toBe(0);
  expect(network.countConnections() === opened).toBe(areReused);
});
