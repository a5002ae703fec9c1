import { isIP } from "node:net";
import { toUrlHost } from "../address-url.ts";

interface Options {
  readonly allowedOrigins: readonly string[];
  /** The address that the service listens on. */
  readonly host?: string | undefined;
}

/** Checks whether the host of a URL is an IP address. An IPv6 address has brackets there. */
const isAddress = (name: string) => isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;

/**
 * Checks that a request's `Host` is a name of the service. A page can make its own name lead to this machine (DNS
 * rebinding), and then belongs to the same origin: a list of origins alone would not keep the page away. An IP address
 * needs no name server, so no page can redirect it.
 * @returns a message that refuses the request, or undefined when the request is fine
 */
export const checkHost = (header = "", { allowedOrigins, host = "localhost" }: Options) => {
  const name = header.replace(/:\d+$/, "").toLowerCase();
  const isKnown = name === "localhost" || name === toUrlHost(host).toLowerCase() || isAddress(name);
  return isKnown || allowedOrigins.includes("*")
    ? undefined
    : "Unknown host name: call localhost, or set HOST to the name or address that you call";
};
