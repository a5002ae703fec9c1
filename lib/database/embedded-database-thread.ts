import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import dynalite from "dynalite";

interface Settings {
  readonly dataDir: string | undefined;
  readonly port: number;
  readonly host: string;
}

interface EngineRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface EngineResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const { dataDir, port, host }: Settings = workerData;

const server = dynalite({ ...(dataDir === undefined ? {} : { path: dataDir }), createTableMs: 0 });

/** What this thread does for the one that started it. */
const calls = {
  /** Answers as the HTTP server would: with stand-ins for what the engine uses of a request and its response. */
  post: ({ path, headers, body }: EngineRequest) =>
    new Promise<EngineResponse>((resolve) => {
      const request = Object.assign(new EventEmitter(), { method: "POST", url: path, headers });
      const answered: Record<string, string> = {};
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: unknown) => {
          answered[name.toLowerCase()] = String(value);
        },
        end: (body: string) => resolve({ statusCode: response.statusCode, headers: answered, body }),
      };
      server.emit("request", request, response);
      request.emit("data", Buffer.from(body));
      request.emit("end");
    }),

  close: () => {
    server.closeAllConnections();
    server.close();
    parentPort?.close();
  },
};

export type EngineCalls = typeof calls;

await once(server.listen(port, host), "listening");
parentPort?.postMessage((server.address() as AddressInfo).port);

createBirpc(calls, {
  post: (message) => parentPort?.postMessage(message),
  on: (receive) => parentPort?.on("message", receive),
});
