import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";

interface Settings {
  readonly dataDir: string | undefined;
  readonly port: number;
  readonly host: string;
}

const { dataDir, port, host }: Settings = workerData;

const server = dynalite({ ...(dataDir === undefined ? {} : { path: dataDir }), createTableMs: 0 });
await once(server.listen(port, host), "listening");
parentPort?.postMessage((server.address() as AddressInfo).port);

parentPort?.once("message", () => {
  server.closeAllConnections();
  server.close();
});
