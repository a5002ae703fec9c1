import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import type { Address } from "./listen.ts";

/** Formats a host as a URL has it, where an IPv6 address needs brackets. */
export const toUrlHost = (host: string) => (host.includes(":") ? `[${host}]` : host);

/** Makes the URL that reaches a server from this machine. */
export const toLocalUrl = ({ host = "localhost", port }: Address) => {
  const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "localhost" };
  return `http://${toUrlHost(anyAddress[host] ?? host)}:${port}`;
};

const isReachable = (host: string, address: string) =>
  host === "0.0.0.0" ? isIPv4(address) : host === "::" && !address.startsWith("fe80:");

/** Makes the URLs that reach a server from other machines on the same network, if it listens on all addresses. */
export const toNetworkUrls = ({ host = "localhost", port }: Address) =>
  Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses.filter(({ internal }) => !internal))
    .filter(({ address }) => isReachable(host, address))
    .map(({ address }) => `http://${toUrlHost(address)}:${port}`);
