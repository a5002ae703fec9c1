import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hasErrorCode } from "./error-code.ts";
import { errorMessage } from "./error-message.ts";

export interface Address {
  /** 0 takes a free port. */
  readonly port: number;
  /** The address to listen on. If it is left out, or is localhost, the server listens on both loopbacks. */
  readonly host?: string | undefined;
}

/** The server tries this many free ports of 127.0.0.1 to find a port that is also free on ::1. */
const MAX_ATTEMPTS = 10;

const portOf = (server: Server) => (server.address() as AddressInfo).port;

const createListenError = (cause: unknown, port: number, host: string) => {
  const isInUse = hasErrorCode(cause, "EADDRINUSE");
  const reason = isInUse
    ? `Another program uses port ${port} on ${host}`
    : `Can't listen on ${host}: ${errorMessage(cause)}`;
  // Ports below 1024 need rights on some systems.
  const advice = isInUse || hasErrorCode(cause, "EACCES") ? "port with PORT" : "address with HOST";
  return new Error(`${reason}. Choose another ${advice}`, { cause });
};

const startServer = async (onRequest: RequestListener, port: number, host: string) => {
  const server = createServer(onRequest);
  try {
    await once(server.listen(port, host), "listening");
    return server;
  } catch (cause) {
    throw createListenError(cause, port, host);
  }
};

/** Machines and containers without IPv6 have no ::1. */
const isMissing = (error: unknown) =>
  hasErrorCode(error, "EADDRNOTAVAIL") || hasErrorCode(error, "EAFNOSUPPORT");

const stop = (server: Server) => {
  server.close();
  server.closeAllConnections();
};

/**
 * Programs differ in the loopback that they try first for localhost. If another program had the port on one of them, it
 * would get a part of the requests.
 */
const startOnLoopbacks = async (
  onRequest: RequestListener,
  port: number,
  attempts = MAX_ATTEMPTS,
): Promise<readonly [Server, ...Server[]]> => {
  const first = await startServer(onRequest, port, "127.0.0.1");
  try {
    return [first, await startServer(onRequest, portOf(first), "::1")];
  } catch (error) {
    if (isMissing(error)) return [first];
    // The first server keeps its port during the next attempt: the system could offer the same port again.
    const next = port === 0 && attempts > 1 ? startOnLoopbacks(onRequest, 0, attempts - 1) : undefined;
    return await (next ?? Promise.reject(error)).finally(() => stop(first));
  }
};

const startServers = async (onRequest: RequestListener, { port, host = "localhost" }: Address) =>
  host === "localhost"
    ? startOnLoopbacks(onRequest, port)
    : ([await startServer(onRequest, port, host)] as const);

/**
 * Starts an HTTP server.
 * @returns the port, a function that accepts no more connections and resolves when the open ones have ended, and a
 *   function that ends the open ones
 * @throws Error when another program uses the port, or this machine does not have the address
 */
export const listen = async (onRequest: RequestListener, address: Address) => {
  const servers = await startServers(onRequest, address);
  return {
    port: portOf(servers[0]),
    close: () => Promise.all(servers.map((server) => once(server.close(), "close"))),
    closeConnections: () => {
      for (const server of servers) server.closeAllConnections();
    },
  };
};
