import { spawnSync } from "node:child_process";

/** Runs a shell script in a network of its own, whose settings it may change. */
export const runIsolated = (script: string) =>
  spawnSync("unshare", ["--net", "--map-root-user", "sh", "-ec", script], { encoding: "utf8" });

/** In a new network, the loopback interface is down: it has 127.0.0.1, but no ::1. */
export const WITH_LOOPBACKS = "ip link set lo up";

export const WITHOUT_IPV6 = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";

/** Only Linux can do this, and only where it trusts the user. */
export const canIsolate = runIsolated(`${WITH_LOOPBACKS}; ${WITHOUT_IPV6}`).status === 0;
