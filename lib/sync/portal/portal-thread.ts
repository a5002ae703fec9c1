import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { createBirpc } from "birpc";
import type { StudySession } from "../../../functions/sessions/study-session.ts";
import type { PortalCalls, PortalFile, Reply } from "./portal-worker.ts";

/** The pause between two attempts at a file that another program has locked. */
const PAUSE_MS = 20;

/** The time to wait for a locked file. */
interface Patience {
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** The portal's file can't be used. */
export class PortalFileError extends Error {}

/** Another program has locked the portal's file, which may be free a moment later. */
export class LockedFileError extends PortalFileError {}

interface Options extends PortalFile {
  /** The name of the file in messages. */
  readonly name: string;
}

const connectTo = (thread: Worker) =>
  createBirpc<PortalCalls>(
    {},
    {
      post: (message) => thread.postMessage(message),
      on: (receive) => thread.on("message", receive),
      // The thread waits for slow disks. Callers that can't wait do so with a timer of their own.
      timeout: -1,
    },
  );

/**
 * Opens the portal's SQLite file in a thread of its own: SQLite blocks its thread while the file is slow or locked.
 * @returns functions that throw an error that begins with the name when the file can't be used
 */
export const openPortal = ({ name, ...portalFile }: Options) => {
  const thread = new Worker(new URL("portal-worker.ts", import.meta.url), {
    workerData: portalFile,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const calls = connectTo(thread);
  const exited = new Promise((resolve) => thread.once("exit", resolve));
  thread.once("error", (error) => calls.$close(error));

  const untilFree = async <Result>(call: () => Promise<Reply<Result>>, { waitMs, signal }: Patience) => {
    const until = performance.now() + waitMs;
    for (;;) {
      const reply = await call();
      if (reply.kind === "done") return reply.result;
      if (reply.kind === "failed") throw new PortalFileError(`${name} can't be used: ${reply.reason}`);
      if (signal.aborted || performance.now() >= until) {
        throw new LockedFileError(`${name} is locked by another program`);
      }
      await wait(PAUSE_MS);
    }
  };

  return {
    name,
    ...portalFile,
    /** Checks that sessions can be added. @returns a line for each name in the file that the service does not use */
    check: (patience: Patience) => untilFree(() => calls.check(), patience),
    /** @returns a text that changes whenever another program has changed the file */
    readVersion: (patience: Patience) => untilFree(() => calls.readVersion(), patience),
    /** Reads the groups and study activities, and a line for each kind of row that can't be taken. */
    readReferences: (patience: Patience) => untilFree(() => calls.readReferences(), patience),
    /** Copies the file as it is at one moment to a new file. */
    copyTo: (copy: string, patience: Patience) => untilFree(() => calls.copyTo(copy), patience),
    /** Adds a session, in a transaction of its own. */
    insert: (session: StudySession, patience: Patience) => untilFree(() => calls.insert(session), patience),
    close: async () => {
      if (!calls.$closed) calls.close.asEvent();
      await exited;
    },
  };
};

export type Portal = ReturnType<typeof openPortal>;
