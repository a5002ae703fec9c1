import { describe, expect, test } from "@jest/globals";
import { warmUp } from "../../../functions/dynamodb/warm-up.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../../support/misbehaving-database.ts";
import { startNetwork } from "../../support/network.ts";
import { createRequest } from "../../support/requests.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { useTable } from "../../support/use-table.ts";
import { disableWarmUpTimeout } from "../../support/warm-up-timeout.ts";

const { table, startService } = useTable();

/** Starts a service and warms it up over a network that the test can break. */
const startWarmService = async (connections: number) => {
  disableWarmUpTimeout();
  const network = await startNetwork(table.endpoint);
  runAtEnd(network.close);
  const { client, send } = startService({}, network.endpoint);
  await warmUp({ client, tableName: table.tableName, connections });
  return { network, send };
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
  test.each(["stalls in the middle of a body", "refuses access"] as const)(
    "when the database %s",
    async (name) => {
      const database = await startMisbehavingDatabase(MISBEHAVIOURS[name]);
      runAtEnd(database.close);
      const { client } = startService({}, database.endpoint);
      await expect(warmUp({ client, tableName: "StudySessions", connections: 3 })).resolves.toBeUndefined();
    },
  );

  test("when nothing listens", async () => {
    const { client } = startService({}, "http://127.0.0.1:1");
    await expect(warmUp({ client, tableName: "StudySessions", connections: 3 })).resolves.toBeUndefined();
  });
});

test("gives up on a silent database before the SDK retries its calls", async () => {
  let calls = 0;
  const database = await startMisbehavingDatabase(() => calls++);
  runAtEnd(database.close);
  const { client } = startService({}, database.endpoint);
  await warmUp({ client, tableName: "StudySessions", connections: 3 });
  // A slow machine has sent fewer of them by then.
  expect(calls).toBeLessThanOrEqual(3);
});
