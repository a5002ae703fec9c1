import { createHash } from "node:crypto";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readlink, rmdir, symlink, unlink } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { hasErrorCode } from "../../error-code.ts";
import { type Respond, serve } from "./engine-server.ts";

/** The longest address of a Unix socket: macOS takes 103 bytes, Linux 107. Node 22 cuts longer ones off silently. */
const MAX_ADDRESS_BYTES = 103;

/** Windows has named pipes in place of Unix sockets. */
const toPipe = (dataDir: string) => {
  const hash = createHash("sha256").update(realpathSync.native(dataDir)).digest("hex");
  return `\\\\.\\pipe\\study-sessions-${hash}`;
};

const PREFIX = "study-sessions-";

const toFolder = (dataDir: string) => join(dataDir, "socket");
const toAddress = (folder: string) => join(folder, "engine");

/**
 * Makes the folder of the socket. Only its owner may enter the folder, so no other user reaches the engine. If the
 * address would be too long, the folder is a link to a temporary folder.
 */
const makeFolder = async (dataDir: string) => {
  const folder = toFolder(dataDir);
  if (Buffer.byteLength(toAddress(folder)) <= MAX_ADDRESS_BYTES) {
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }
  const shortFolder = await mkdtemp(join(tmpdir(), PREFIX));
  await symlink(shortFolder, folder);
  return shortFolder;
};

const startServer = async (respond: Respond, address: string) => {
  const server = createServer((request, response) => {
    // Serving fails only when the client has gone away, so nobody waits for a response.
    serve(request, response, respond).catch(() => response.destroy());
  });
  await once(server.listen(address), "listening");
  return {
    close: async () => {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
};

/** @throws Error when the folder has anything but the socket */
const removeSocket = async (folder: string) => {
  const entries = await readdir(folder, { withFileTypes: true });
  if (!entries.every((entry) => entry.name === "engine" && entry.isSocket())) {
    throw new Error(`${folder} has other files`);
  }
  for (const { name } of entries) await unlink(join(folder, name));
  await rmdir(folder);
};

/**
 * Removes the folder of the socket, or the link and the temporary folder.
 * @throws Error when somebody else made what is there
 */
const removeFolder = async (dataDir: string) => {
  const folder = toFolder(dataDir);
  const target = await readlink(folder).catch(() => undefined);
  if (target !== undefined && !(isAbsolute(target) && basename(target).startsWith(PREFIX))) {
    throw new Error(`${folder} is another link`);
  }
  await removeSocket(target ?? folder).catch((error) => {
    if (!hasErrorCode(error, "ENOENT")) throw error;
  });
  if (target !== undefined) await unlink(folder);
};

const startInFolder = async (respond: Respond, dataDir: string) => {
  // A process that was killed has left its socket behind. Only this process has the data open, so nobody listens there.
  await removeFolder(dataDir);
  const folder = await makeFolder(dataDir);
  // What somebody has put beside the socket stays.
  const removeOwn = () => removeFolder(dataDir).catch(() => {});
  try {
    const server = await startServer(respond, toAddress(folder));
    return { close: () => server.close().then(removeOwn) };
  } catch (error) {
    await removeOwn();
    throw error;
  }
};

/**
 * Serves the engine to other processes of the same user: on a Unix socket in the folder or on a named pipe, and on no
 * port.
 * @returns a function that ends the server, or undefined if the file system has no sockets
 */
export const serveEngineSocket = (respond: Respond, dataDir: string) => {
  const server =
    process.platform === "win32" ? startServer(respond, toPipe(dataDir)) : startInFolder(respond, dataDir);
  return server.catch(() => undefined);
};

const findAddress = async (dataDir: string) => {
  if (process.platform === "win32") return toPipe(dataDir);
  const folder = toFolder(dataDir);
  return toAddress(await readlink(folder).catch(() => folder));
};

/** @returns the address of the engine that has the folder open, or undefined if no engine listens */
export const findEngineSocket = async (dataDir: string) => {
  try {
    const address = await findAddress(dataDir);
    const socket = connect(address);
    await once(socket, "connect");
    socket.destroy();
    return address;
  } catch {
    return undefined;
  }
};
