import { once } from "node:events";
import type { RequestListener } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { toUrlHost } from "../../lib/address-url.ts";
import { type Address, listen } from "../../lib/listen.ts";
import { LOOPBACKS } from "../support/loopbacks.ts";
import { canIsolate, runIsolated, WITH_LOOPBACKS, WITHOUT_IPV6 } from "../support/network-namespace.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const respond: RequestListener = (_, response) => response.end("ours");

const start = async (address: Address) => {
  const { port, close, closeConnections } = await listen(respond, address);
  closers.push(() => {
    const closed = close();
    closeConnections();
    return closed;
  });
  return port;
};

/** Starts another program that uses a port. */
const occupy = async (host: string, port = 0) => {
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(port, host), "listening");
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
};

const ask = async (host: string, port: number) => {
  try {
    return await (await fetch(`http://${toUrlHost(host)}:${port}`)).text();
  } catch {
    return "nobody";
  }
};

const askLoopbacks = (port: number) => Promise.all(LOOPBACKS.map((host) => ask(host, port)));

test.each([{}, { host: "localhost" }])(
  "listens on both loopbacks with %j, on the same free port",
  async (address) => {
    const port = await start({ ...address, port: 0 });
    expect(await askLoopbacks(port)).toEqual(LOOPBACKS.map(() => "ours"));
  },
);

test.each(LOOPBACKS)("listens on %s alone when it is told to", async (host) => {
  const port = await start({ host, port: 0 });
  expect(await askLoopbacks(port)).toEqual(LOOPBACKS.map((each) => (each === host ? "ours" : "nobody")));
});

test.each(LOOPBACKS)("listens on no loopback when another program has the port on %s", async (host) => {
  const port = await occupy(host);
  await expect(start({ port })).rejects.toThrow(
    `Another program uses port ${port} on ${host}. Choose another port with PORT`,
  );
  for (const other of LOOPBACKS.filter((each) => each !== host)) await occupy(other, port);
});

test("says which address this machine does not have", async () => {
  await expect(start({ host: "192.0.2.1", port: 0 })).rejects.toThrow(
    /^Can't listen on 192\.0\.2\.1: .*EADDRNOTAVAIL.*\. Choose another address with HOST$/,
  );
});

const testInOwnNetwork = canIsolate ? test : test.skip;

const runScript = (setup: string, script: string) => {
  const imports = `import { listen } from "./lib/listen.ts"; import { createServer } from "node:net";
    import { once } from "node:events";`;
  return runIsolated(
    `${setup}; '${process.execPath}' --input-type=module -e '${imports} ${script} process.exit();'`,
  );
};

testInOwnNetwork("listens on 127.0.0.1 alone where the machine has no IPv6", () => {
  const { stdout, stderr } = runScript(
    WITHOUT_IPV6,
    `console.log((await listen(() => {}, { port: 5000 })).port);`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: "5000\n", stderr: "" });
});

testInOwnNetwork("takes a port that is free on both loopbacks", () => {
  const script = `
    const takeFree = async (...address) => {
      const server = createServer().listen(...address);
      await once(server, "listening");
      return server;
    };
    const server = await takeFree(0, "127.0.0.1");
    const { port } = server.address();
    server.close();
    await takeFree(port, "::1");
    console.log(port + (await listen(() => {}, { port: 0 })).port);`;
  // With two ports, the system offers the same one first each time.
  const setup = `${WITH_LOOPBACKS}; echo "5000 5001" > /proc/sys/net/ipv4/ip_local_port_range`;
  const { stdout, stderr } = runScript(setup, script);
  expect({ stdout, stderr }).toEqual({ stdout: "10001\n", stderr: "" });
});
