import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { toLocalUrl } from "../../address-url.ts";
import { startEngineServer } from "./engine-server.ts";
import { serveEngineSocket } from "./engine-socket.ts";
import { createSdkError, type EngineThread, startEngineThread } from "./engine-thread.ts";
import type { EngineRequest } from "./engine-worker.ts";

type Handle = DynamoDBClient["config"]["requestHandler"]["handle"];
type HandleOptions = { readonly abortSignal?: { readonly aborted: boolean } };

interface Options {
  /** The folder that keeps the tables. If it is left out, the engine keeps them in memory. */
  readonly dataDir?: string;
  /** Called with the reason when the engine has ended for good. Every later call is rejected. */
  readonly onEnd?: (reason: Error) => void;
}

interface ServerOptions extends Options {
  /** The default is 0, which takes a free port. */
  readonly port?: number;
  /** The address to listen on. If it is left out, only this machine reaches the engine. */
  readonly host?: string | undefined;
}

/** Checks whether LevelDB could not write or read, as with a full disk. Such a failure may pass. */
const isStorageFailure = ({ cause: error }: Error) =>
  typeof error === "object" && error !== null && "code" in error && /^LEVEL_/.test(String(error.code));

/**
 * Starts the engine. After a failure of its storage, the next call starts the engine again: LevelDB could lose what it
 * writes to a file after a failed write.
 */
const keepEngine = async ({ dataDir, onEnd = () => {} }: Options) => {
  let isClosing = false;
  let engine: Promise<EngineThread> | undefined;

  const start = async () => {
    const thread = await startEngineThread(dataDir);
    thread.ended.then((reason) => {
      if (isClosing) return;
      if (dataDir !== undefined && isStorageFailure(reason)) engine = undefined;
      else onEnd(reason);
    });
    return thread;
  };
  const startOnce = () => {
    engine ??= start().catch((error) => {
      engine = undefined;
      throw error;
    });
    return engine;
  };

  await startOnce();
  return {
    respond: async (request: EngineRequest) => (await startOnce()).respond(request),
    close: async () => {
      isClosing = true;
      await (await engine)?.close();
    },
  };
};

/** Starts an engine that other processes can use too, if it has a folder. */
const keepSharedEngine = async (options: Options) => {
  const engine = await keepEngine(options);
  if (options.dataDir === undefined) return engine;
  const socket = await serveEngineSocket(engine.respond, options.dataDir);
  const close = async () => {
    await socket?.close();
    await engine.close();
  };
  return { ...engine, close };
};

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Lets the SDK reach the engine without HTTP. */
const createRequestHandler = ({ respond }: Awaited<ReturnType<typeof keepEngine>>) => {
  // The body is posted as text: posting a Buffer would clone the whole pool behind it.
  const handle: Handle = async ({ method, headers, body }, { abortSignal }: HandleOptions = {}) => {
    if (abortSignal?.aborted) throw createSdkError("AbortError", "The request was over");
    const response = await respond({ method, headers, body: decoder.decode(body) });
    return { response: { ...response, body: encoder.encode(response.body) } };
  };
  return { handle };
};

/**
 * Starts a DynamoDB engine that listens on no port. The commands of the same user reach the engine by its socket.
 * @returns a request handler for the SDK, and a function that ends the engine
 * @throws Error when the folder can't be used, or another process uses it
 */
export const openEmbeddedDatabase = async (options: Options = {}) => {
  const engine = await keepSharedEngine(options);
  return { endpoint: undefined, requestHandler: createRequestHandler(engine), close: engine.close };
};

/**
 * Starts a DynamoDB engine that other processes reach by a port. The engine serves no web pages.
 * @returns the engine's endpoint, a request handler that lets the SDK reach the engine from this process without the
 *   cost of HTTP, and a function that ends the engine
 * @throws Error when the folder or the port can't be used, or another process uses it
 */
export const startEmbeddedDatabase = async (options: ServerOptions = {}) => {
  const { port = 0, host, ...engineOptions } = options;
  const engine = await keepSharedEngine(engineOptions);
  const close = engine.close;
  const server = await startEngineServer(engine.respond, { port, host }).catch(async (error) => {
    await close();
    throw error;
  });
  return {
    endpoint: toLocalUrl({ host: host ?? "127.0.0.1", port: server.port }),
    requestHandler: createRequestHandler(engine),
    close: async () => {
      await server.close();
      await close();
    },
  };
};

export type EmbeddedDatabase = Awaited<ReturnType<typeof startEmbeddedDatabase>>;
