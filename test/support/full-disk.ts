import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Linux can stand in for a full disk, by the size that files may have. */
export const canFillDisk = spawnSync("prlimit", ["--version"]).error === undefined;

/** Every write to a file fails from now on, in this process alone. */
export const fillDisk = (pid: number | undefined) => run("prlimit", [`--pid=${pid}`, "--fsize=1:"]);

export const freeDisk = (pid: number | undefined) => run("prlimit", [`--pid=${pid}`, "--fsize=unlimited:"]);
