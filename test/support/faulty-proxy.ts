import { once } from "node:events";
import { createServer, request as forwardHttp, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

/**
 * A delayed request reaches the engine long after its sender's connection is cut. A slow request gets a late response.
 * A trickling request gets the first bytes of a response that never ends.
 */
export type RequestOutcome =
  | "passed"
  | "dropped"
  | "response lost"
  | "delayed"
  | "slow"
  | "hanging"
  | "trickling";

const DELAYS_MS: Partial<Record<RequestOutcome, number>> = { delayed: 200, slow: 300 };

/** Keeps the connection busy, so that only the timeout of the whole response can end the call. */
const trickle = ({ socket }: ServerResponse) => {
  socket?.write("HTTP/1.1 200 OK\r\nx-endless: ");
  const timer = setInterval(() => socket?.write("."), 100);
  socket?.on("close", () => clearInterval(timer)).on("error", () => {});
};

/** Finds which of DynamoDB's operations a request asks for: `Scan`. */
const operationOf = ({ headers }: IncomingMessage) => String(headers["x-amz-target"]).split(".").at(-1) ?? "";

/** Starts an HTTP proxy in front of an engine. `decide` returns the outcome of each request. */
export const startFaultyProxy = async (endpoint: string, decide: (operation: string) => RequestOutcome) => {
  const forwarded = new Set<Promise<unknown>>();

  const forward = async ({ method, url = "/", headers }: IncomingMessage, body: Buffer) => {
    const [response] = (await once(
      forwardHttp(new URL(url, endpoint), { method: method ?? "", headers }).end(body),
      "response",
    )) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) };
  };

  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const outcome = decide(operationOf(request));
    if (outcome === "hanging") return;
    if (outcome === "trickling") return trickle(response);
    if (outcome === "dropped" || outcome === "delayed") response.destroy();
    if (outcome === "dropped") return;
    const forwarding = wait(DELAYS_MS[outcome] ?? 0).then(() => forward(request, body));
    forwarded.add(forwarding);
    const received = await forwarding.finally(() => forwarded.delete(forwarding));
    if (outcome === "response lost") response.destroy();
    if (outcome === "passed" || outcome === "slow")
      response.writeHead(received.status, received.headers).end(received.body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves when the engine has responded to every request, delayed requests included. */
    settle: async () => {
      while (forwarded.size > 0) await Promise.all(forwarded);
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
};
