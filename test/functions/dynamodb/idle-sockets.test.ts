import { Agent } from "node:https";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { startNetwork } from "../../support/network.ts";
import { createRequest } from "../../support/requests.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { startTlsEndpoint } from "../../support/tls-endpoint.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();
let tls: Awaited<ReturnType<typeof startTlsEndpoint>>;

beforeAll(async () => {
  tls = await startTlsEndpoint(table.endpoint);
  runAtEnd(tls.close);
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
  const startConnected = async () => {
    trust(tls.certificate);
    const network = await startNetwork(protocol === "https" ? tls.endpoint : table.endpoint);
    runAtEnd(network.close);
    const { send } = startService({}, network.endpoint);
    const create = async () => expect(await send(createRequest())).toMatchObject({ status: 201 });
    await create();
    return { create, network, opened: network.countConnections() };
  };

  test("uses the connections that it has", async () => {
    const { create, network, opened } = await startConnected();
    passTime(30_000);
    await create();
    expect(network.countConnections()).toBe(opened);
  });

  test("uses no connection from before a long pause, and then those from after it", async () => {
    const { create, network, opened } = await startConnected();
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
