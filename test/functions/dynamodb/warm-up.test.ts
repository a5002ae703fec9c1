import { afterEach, describe, expect, test } from "@jest/globals";
import { warmUp } from "../../../functions/dynamodb/warm-up.ts";
import {
  MISBEHAVIOURS,
  type Misbehaviour,
  startMisbehavingDatabase,
} from "../../support/misbehaving-database.ts";
import { startNetwork } from "../../support/network.ts";
import { createRequest } from "../../support/requests.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { useTable } from "../../support/use-table.ts";

const { getTable } = useTable();
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts a service and warms it up over a network that the test can break. */
const startWarmService = async (connections: number) => {
  const { endpoint, tableName } = getTable();
  const network = await startNetwork(endpoint);
  const { client, handler } = createService(network.endpoint, tableName);
  closers.push(() => client.destroy(), network.close);
  await warmUp({ client, tableName, connections });
  return { network, send: sendToHandler(handler) };
};

test.each([1, 2, 3])("opens %i connections, no more", async (connections) => {
  const { network } = await startWarmService(connections);
  expect(network.countConnections()).toBe(connections);
});

test("opens all connections that a create needs", async () => {
  const { network, send } = await startWarmService(3);
  expect(await send(createRequest())).toMatchObject({ status: 201 });
  expect(network.countConnections()).toBe(3);
});

test.each([
  ["was cut", "cut"],
  ["fell silent", "silence"],
] as const)(
  "is followed by a create that succeeds, even when the network %s in between",
  async (_, fault) => {
    const { network, send } = await startWarmService(3);
    network[fault]();
    expect(await send(createRequest())).toMatchObject({ status: 201 });
  },
);

describe("never fails", () => {
  test.each(Object.keys(MISBEHAVIOURS) as Misbehaviour[])("when the database %s", async (name) => {
    const database = await startMisbehavingDatabase(MISBEHAVIOURS[name]);
    const { client } = createService(database.endpoint, "StudySessions");
    closers.push(() => client.destroy(), database.close);
    await expect(warmUp({ client, tableName: "StudySessions", connections: 3 })).resolves.toBeUndefined();
  });

  test("when nothing listens", async () => {
    const { client } = createService("http://127.0.0.1:1", "StudySessions");
    closers.push(() => client.destroy());
    await expect(warmUp({ client, tableName: "StudySessions", connections: 3 })).resolves.toBeUndefined();
  });
});

test("gives up on a silent database before the SDK retries its calls", async () => {
  let calls = 0;
  const database = await startMisbehavingDatabase(() => calls++);
  const { client } = createService(database.endpoint, "StudySessions");
  closers.push(() => client.destroy(), database.close);
  await warmUp({ client, tableName: "StudySessions", connections: 3 });
  expect(calls).toBe(3);
});
