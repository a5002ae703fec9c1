import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";
import { promisify } from "node:util";

const run = promisify(execFile);

const CERTIFICATE_REQUEST =
  "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout - -out - -days 1 " +
  "-subj /CN=localhost -addext subjectAltName=DNS:localhost";

/**
 * Puts TLS in front of an engine, as DynamoDB has it: over plain HTTP the SDK loads other parts of Node.
 * @param folder - where the certificate is kept that a client has to trust
 */
export const startTlsEndpoint = async (endpoint: string, folder: string) => {
  const { stdout: pem } = await run("openssl", CERTIFICATE_REQUEST.split(" "));
  const certificateFile = join(folder, "certificate.pem");
  await writeFile(certificateFile, pem.slice(pem.indexOf("-----BEGIN CERTIFICATE")));
  const { hostname, port } = new URL(endpoint);
  const sockets = new Set<Socket>();
  const server = createServer({ key: pem, cert: pem }, (socket) => {
    sockets.add(socket.setNoDelay());
    const engine = connect(Number(port), hostname).setNoDelay();
    pipeline(socket, engine, socket, () => sockets.delete(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificateFile,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
};
