import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { collectStream } from "../../../functions/dynamodb/collect-stream.ts";

const server = createServer();

afterEach(async () => {
  server.removeAllListeners("request").closeAllConnections();
  await once(server.close(), "close");
});

/** The answer of a server that answers in this way. */
const openAnswer = async (answer: (response: ServerResponse) => void): Promise<IncomingMessage> => {
  server.on("request", (_, response) => answer(response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const [response] = await once(request({ port }).end(), "response");
  return response;
};

test("collects an answer of several parts, even inside a character", async () => {
  const bytes = Buffer.from('{"name":"語"}');
  const answer = await openAnswer((response) => {
    response.write(bytes.subarray(0, 10));
    setImmediate(() => response.end(bytes.subarray(10)));
  });
  expect(Buffer.from(await collectStream(answer))).toEqual(bytes);
});

test("rejects an answer that breaks off", async () => {
  const answer = await openAnswer((response) => {
    response.writeHead(200, { "content-length": 100 }).write("half");
    setImmediate(() => response.destroy());
  });
  await expect(collectStream(answer)).rejects.toThrow("aborted");
});
