import { readdir, readFile, readlink } from "node:fs/promises";

const LISTENING = "0A";

/** @returns the TCP ports that a process listens on. Only Linux can tell. */
export const findListeningPorts = async (pid: number | undefined) => {
  const folder = `/proc/${pid}/fd`;
  const files = await Promise.all(
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => "")),
  );
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8")),
  );
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENING && files.includes(`socket:[${inode}]`))
    .map(([, address = ""]) => Number.parseInt(address.split(":").at(-1) ?? "", 16));
};
