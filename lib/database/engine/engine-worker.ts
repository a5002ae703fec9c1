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

// dynalite makes and opens its database by itself, so the class changes.
Object.assign(Level.prototype, {
  _open(options: unknown) {
    const opening = openFiles.call(this, options);
    opened.resolve(opening);
    return opening;
  },

  // LevelDB mostly reads from memory: waking a thread of the pool for a read takes longer than the read.
  async _get(this: SynchronousReads, key: unknown, options: unknown) {
    return this._getSync(key, options);
  },
});

/** An HTTP server that never listens: other origins' web pages could reach it otherwise. */
const server = dynalite({ ...(dataDir === undefined ? {} : { path: dataDir }), createTableMs: 0 });

/** Calls that this thread serves for the thread that started it. */
const calls = {
  /** Responds as the HTTP server would: with stand-ins for what the engine uses of a request and its response. */
  answer: ({ method, headers, body }: EngineRequest) =>
    new Promise<EngineResponse>((resolve) => {
      const request = Object.assign(new EventEmitter(), { method, url: "/", headers });
      const answered: Record<string, string> = {};
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: unknown) => {
          answered[name.toLowerCase()] = String(value);
        },
        end: (body = "") => resolve({ statusCode: response.statusCode, headers: answered, body }),
      };
      server.emit("request", request, response);
      request.emit("data", Buffer.from(body));
      request.emit("end");
    }),

  /** LevelDB closes its files when the thread exits. */
  close: () => parentPort?.close(),
};

export type EngineCalls = typeof calls;

// Nobody else can open the folder from here on. Without this wait, the engine would fail in the middle of a request.
if (dataDir !== undefined) await opened.promise;
parentPort?.postMessage("ready");

createBirpc(calls, {
  post: createBatchPost((batch) => parentPort?.postMessage(batch)),
  on: (receive) =>
    parentPort?.on("message", (batch) => {
      for (const message of batch) receive(message);
    }),
});
