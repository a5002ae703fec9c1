import { networkInterfaces } from "node:os";

const addresses = Object.values(networkInterfaces()).flatMap((each = []) =>
  each.map(({ address }) => address),
);

/** The addresses of this machine that `localhost` can lead to. */
export const LOOPBACKS = ["127.0.0.1", "::1"].filter((address) => addresses.includes(address));
