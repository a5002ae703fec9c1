import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { createDynamoDbClient } from "../../../functions/dynamodb/dynamodb-client.ts";
import type { RequestOutcome } from "../../support/faulty-proxy.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../../support/misbehaving-database.ts";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { startServiceBehindProxy } = useTable();

/** Decides on these outcomes, one after another, and lets all further requests pass. */
const decideInTurn = (outcomes: readonly RequestOutcome[]) => {
  const left = [...outcomes];
  return () => left.shift() ?? "passed";
};

test.each<[string, readonly RequestOutcome[]]>([
  ["one reset connection", ["dropped"]],
  ["two reset connections", ["dropped", "dropped"]],
  ["one lost response", ["response lost"]],
  ["one call that hangs", ["hanging"]],
  ["one response that trickles in without end", ["trickling"]],
  ["a reset of each first attempt", ["dropped", "dropped", "dropped"]],
])("creates a session after %s", async (_, outcomes) => {
  jest.spyOn(Math, "random").mockReturnValue(0);
  const { send } = await startServiceBehindProxy(decideInTurn(outcomes));
  expect(await send(createRequest(randomUUID()))).toMatchObject({ status: 201 });
});

test("does without the SDK's middleware for loggers", () => {
  const namesOf = ({ middlewareStack }: DynamoDBClient) =>
    middlewareStack.identify().map((entry) => entry.split(" ")[0]);
  const ours = namesOf(createDynamoDbClient());
  expect(namesOf(new DynamoDBClient()).filter((name) => !ours.includes(name))).toEqual(["loggerMiddleware"]);
});

test("makes three attempts at a call before the 500", async () => {
  jest.spyOn(Math, "random").mockReturnValue(0);
  const { send, calls } = await startServiceBehindProxy(() => "dropped");
  expect(await send(createRequest())).toMatchObject({ status: 500 });
  const attempts = [...new Set(calls)].map((name) => calls.filter((call) => call === name).length);
  expect(Math.max(...attempts)).toBe(3);
});

test("gives up a response that stalls in the middle of its body", async () => {
  const { endpoint, close } = await startMisbehavingDatabase(MISBEHAVIOURS["stalls in the middle of a body"]);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = createDynamoDbClient({ endpoint, region: "us-east-1", credentials, attemptTimeoutMs: 200 });
  try {
    const call = client.send(new ListTablesCommand(), { abortSignal: AbortSignal.timeout(10_000) });
    await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  } finally {
    client.destroy();
    await close();
  }
});

describe("the bytes of a response", () => {
  const { streamCollector } = createDynamoDbClient().config;
  const server = createServer();

  afterEach(async () => {
    server.removeAllListeners("request").closeAllConnections();
    await once(server.close(), "close");
  });

  const openResponse = async (respond: (response: ServerResponse) => void): Promise<IncomingMessage> => {
    server.on("request", (_, response) => respond(response));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const [response] = await once(request({ port }).end(), "response");
    return response;
  };

  test("are collected from several parts, even inside a character", async () => {
    const bytes = Buffer.from('{"name":"語"}');
    const response = await openResponse((response) => {
      response.write(bytes.subarray(0, 10));
      setImmediate(() => response.end(bytes.subarray(10)));
    });
    expect(Buffer.from(await streamCollector(response))).toEqual(bytes);
  });

  test("are not taken from a response that breaks off", async () => {
    const response = await openResponse((response) => {
      response.writeHead(200, { "content-length": 100 }).write("half");
      setImmediate(() => response.destroy());
    });
    await expect(streamCollector(response)).rejects.toThrow("aborted");
  });
});
