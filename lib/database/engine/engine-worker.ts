import { EventEmitter } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import dynalite from "dynalite";
import { Level } from "level";
import { createBatchPost } from "./message-batch.ts";

export interface EngineRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface EngineResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const { dataDir }: { readonly dataDir: string | undefined } = workerData;

interface SynchronousReads {
  readonly _getSync: (key: unknown, options: unknown) => unknown;
}

type OpenFiles = (this: unknown, options: unknown) => Promise<void>;
const openFiles: OpenFiles = Reflect.get(Level.prototype, "_open");
const opened = Promise.withResolvers<void>();

// dynalite creates and opens the database, so only the class can be changed.
Object.assign(Level.prototype, {
  _open(options: unknown) {
    const opening = openFiles.call(this, options);
    opened.resolve(opening);
    return opening;
  },

  // LevelDB mostly reads from memory, and waking a thread of the pool takes longer than such a read.
  async _get(this: SynchronousReads, key: unknown, options: unknown) {
    return this._getSync(key, options);
  },
});

/** An HTTP server that never listens: otherwise web pages of other origins could reach it. */
const server = dynalite({
  ...(dataDir === undefined ? {} : { path: dataDir }),
  createTableMs: 0,
  deleteTableMs: 0,
});

/** Calls that this thread serves for the thread that started it. */
const calls = {
  /** Responds as the HTTP server would. The engine gets stand-ins for the request and its response. */
  respond: ({ method, headers, body }: EngineRequest) =>
    new Promise<EngineResponse>((resolve) => {
      const request = Object.assign(new EventEmitter(), { method, url: "/", headers });
      const responseHeaders: Record<string, string> = {};
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: unknown) => {
          responseHeaders[name.toLowerCase()] = String(value);
        },
        end: (body = "") => resolve({ statusCode: response.statusCode, headers: responseHeaders, body }),
      };
      server.emit("request", request, response);
      request.emit("data", Buffer.from(body));
      request.emit("end");
    }),

  /** LevelDB closes its files when the thread exits. */
  close: () => parentPort?.close(),
};

export type EngineCalls = typeof calls;

// Now no other process can open the folder. Without this wait, the engine would fail during a request instead.
if (dataDir !== undefined) await opened.promise;
parentPort?.postMessage("ready");

createBirpc(calls, {
  post: createBatchPost((batch) => parentPort?.postMessage(batch)),
  on: (receive) =>
    parentPort?.on("message", (batch) => {
      for (const message of batch) receive(message);
    }),
});
