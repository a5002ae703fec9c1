import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, expect, jest, test } from "@jest/globals";
import { createRequest } from "../support/requests.ts";
import { sendToHandler } from "../support/send.ts";
import { createService } from "../support/service.ts";
import { openTestTable } from "../support/test-table.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closers.splice(0)) await close();
});

/** Passes connections on to the engine. Those that were made before `silence` get no answer from then on. */
const startNetwork = async (endpoint: string) => {
  const { hostname, port } = new URL(endpoint);
  const connections: Socket[] = [];
  let silent = 0;
  let lost = 0;
  const server = createServer((socket) => {
    const index = connections.push(socket);
    const engine = connect(Number(port), hostname);
    socket.on("data", (data) => {
      if (index > silent) engine.write(data);
      else lost++;
    });
    engine.on("data", (data) => socket.write(data));
    socket.on("close", () => engine.destroy());
    engine.on("error", () => socket.destroy());
    socket.on("error", () => engine.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    countConnections: () => connections.length,
    /** How many packets went to where nobody answers. */
    countLost: () => lost,
    silence: () => {
      silent = connections.length;
    },
    close: async () => {
      for (const socket of connections) socket.destroy();
      await once(server.close(), "close");
    },
  };
};

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
