import type { StudySession } from "../functions/sessions/study-session.ts";
import {
  createStudySessionStore,
  type StudySessionStore,
} from "../functions/sessions/study-session-store.ts";
import type { ServiceOptions } from "../lib/local/local-service.ts";
import { toPrintable, toPrintableLines } from "../lib/printable.ts";
import { openPortal } from "../lib/sync/portal/portal-thread.ts";
import { connectPortal } from "../lib/sync/portal-connection.ts";
import { createProblemPrinter, formatChanges, formatFirstUse } from "./sync-report.ts";

/** The command waits this long for a file that the portal has locked. */
const WAIT_MS = 10_000;

type Table = Parameters<NonNullable<ServiceOptions["openStore"]>>[0];

/** Makes a store whose sessions are copied before their responses leave. */
const withCopies = (
  store: StudySessionStore,
  copyCreated: (session: StudySession) => Promise<void>,
): StudySessionStore => ({
  ...store,
  create: async (options) => {
    const created = await store.create(options);
    await copyCreated(created.session);
    return created;
  },
});

/**
 * Opens a portal's file.
 * @returns a function that connects the service's table with the file and opens the store, one that closes the file, and
 *   a text that says what is shared
 * @throws PortalFileError when the file can't be used
 */
export const openPortalFile = async (file: string, { idBlockSize }: Pick<ServiceOptions, "idBlockSize">) => {
  const portal = openPortal({ name: file, file, nameMap: new Map() });
  try {
    const { signal } = new AbortController();
    for (const line of await portal.check({ waitMs: WAIT_MS, signal })) console.log(toPrintableLines(line));
  } catch (error) {
    await portal.close();
    throw error;
  }
  const connect = (table: Table) => {
    const { onProblem, endList } = createProblemPrinter();
    return connectPortal({
      ...table,
      portal,
      onFirstUse: (hasOwnSessions) =>
        console.log(formatFirstUse({ file, tableName: table.tableName, hasOwnSessions })),
      onChanges: (changes) => {
        const line = formatChanges(changes, { file, tableName: table.tableName });
        if (line !== undefined) console.log(line);
      },
      onProblem,
    }).finally(endList);
  };
  const openStore = async (table: Table) => {
    const { copyCreated, close } = await connect(table);
    // The portal may delete a group at any time, so none stays cached.
    const store = createStudySessionStore({ ...table, idBlockSize, referenceCacheSeconds: 0 });
    return { store: withCopies(store, copyCreated), close };
  };
  const description = `\
Shared with ${toPrintable(file)}: its groups and study activities are those of the service.
Each study session that is created here is in its table before the response leaves.
`;
  return { openStore, close: portal.close, description };
};
