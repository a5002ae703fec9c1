import { Agent } from "node:https";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { startNetwork } from "../../support/network.ts";
import { createRequest } from "../../support/requests.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { openTestTable, type TestTable } from "../../support/test-table.ts";
import { startTlsEndpoint } from "../../support/tls-endpoint.ts";

const closers: (() => unknown)[] = [];
let table: TestTable;
let tls: Awaited<ReturnType<typeof startTlsEndpoint>>;

beforeAll(async () => {
  table = await openTestTable();
  tls = await startTlsEndpoint(table.endpoint);
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closers.splice(0)) await close();
});

afterAll(async () => {
  await tls.close();
  await table.close();
});

const passTime = (ms: number) => {
  const now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => now + ms);
};

/** Lets all agents trust a certificate, as Node's own NODE_EXTRA_CA_CERTS does at the start of a process. */
const trust = (ca: string) => {
  const { createConnection } = Agent.prototype;
  jest.spyOn(Agent.prototype, "createConnection").mockImplementation(function (this: Agent, options, onOpen) {
    return createConnection.call(this, { ...options, ca }, onOpen);
  });
};

// Production speaks HTTPS only, through an agent of its own.
describe.each(["http", "https"])("over %s", (protocol) => {
  /** Starts a service, and lets it open its connections. */
  const startService = async () => {
    trust(tls.certificate);
    const network = await startNetwork(protocol === "https" ? tls.endpoint : table.endpoint);
    const { client, handler } = createService(network.endpoint, table.tableName);
    closers.push(() => client.destroy(), network.close);
    const create = async () =>
      expect(await sendToHandler(handler)(createRequest())).toMatchObject({ status: 201 });
    await create();
    return { create, network, opened: network.countConnections() };
  };

  test("uses the connections that it has", async () => {
    const { create, network, opened } = await startService();
    passTime(30_000);
    await create();
    expect(network.countConnections()).toBe(opened);
  });

  test("uses no connection from before a long pause, and then those from after it", async () => {
    const { create, network, opened } = await startService();
    network.silence();
    passTime(3_600_000);
    await create();
    expect(network.countLost()).toBe(0);
    const openedAgain = network.countConnections();
    expect(openedAgain).toBeGreaterThan(opened);
    await create();
    expect(network.countConnections()).toBe(openedAgain);
  });
});
