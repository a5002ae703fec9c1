import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes connections on to the engine. Those that were made before `silence` get no response from then on. */
export const startNetwork = async (endpoint: string) => {
  const { protocol, hostname, port } = new URL(endpoint);
  const connections: Socket[] = [];
  let silent = 0;
  let lost = 0;
  const server = createServer((socket) => {
    const index = connections.push(socket);
    const engine = connect(Number(port), hostname);
    socket.on("data", (data) => {
      if (index > silent) engine.write(data);
      else lost++;
    });
    engine.on("data", (data) => socket.write(data));
    socket.on("close", () => engine.destroy());
    engine.on("error", () => socket.destroy());
    socket.on("error", () => engine.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    countConnections: () => connections.length,
    /** Returns the number of packets to connections that no longer respond. */
    countLost: () => lost,
    silence: () => {
      silent = connections.length;
    },
    cut: () => {
      for (const socket of connections) socket.destroy();
    },
    close: async () => {
      for (const socket of connections) socket.destroy();
      await once(server.close(), "close");
    },
  };
};
