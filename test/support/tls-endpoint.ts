import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";
import { createCertificate } from "./self-signed-certificate.ts";

/** Puts TLS in front of an engine, as DynamoDB has it: over plain HTTP the SDK loads other parts of Node. */
export const startTlsEndpoint = async (endpoint: string) => {
  const { key, cert } = createCertificate();
  const { hostname, port } = new URL(endpoint);
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert }, (socket) => {
    sockets.add(socket.setNoDelay());
    const engine = connect(Number(port), hostname).setNoDelay();
    pipeline(socket, engine, socket, () => sockets.delete(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Clients have to trust it. */
    certificate: cert,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
};
