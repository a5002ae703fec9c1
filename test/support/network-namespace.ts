import { spawnSync } from "node:child_process";

/** Runs a shell script in a network of its own, whose settings it may change. */
export const runIsolated = (script: string) =>
  spawnSync("unshare", ["--net", "--map-root-user", "sh", "-ec", script], { encoding: "utf8" });

export const WITHOUT_IPV6 = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";

/** Only Linux can do this, and only where it trusts the user. */
export const canIsolate = runIsolated(WITHOUT_IPV6).status === 0;
