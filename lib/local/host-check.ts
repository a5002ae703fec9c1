const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** A host as it stands in a URL, where the colons of an IPv6 address need brackets. */
export const toUrlHost = (host: string) => (host.includes(":") ? `[${host}]` : host);

interface Options {
  readonly allowedOrigins: readonly string[];
  /** The address that the service listens on. */
  readonly host?: string;
}

/**
 * Finds requests whose `Host` is a name that the service does not go by. A page can give its own name the address of
 * this machine (DNS rebinding), and is then no other origin: a list of origins alone would not keep the page away.
 * @returns undefined when the request is fine
 */
export const checkHost = (header = "", { allowedOrigins, host = "127.0.0.1" }: Options) => {
  const name = header.replace(/:\d+$/, "").toLowerCase();
  const isKnown = [...LOCAL_NAMES, toUrlHost(host).toLowerCase()].includes(name);
  return isKnown || allowedOrigins.includes("*")
    ? undefined
    : "Unknown host name: call localhost, or set HOST to the name or address that you call";
};
