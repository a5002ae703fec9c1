import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** This is enough for every write of the portal, whose transactions are short. */
const BUSY_TIMEOUT_MS = 5_000;

/** The kinds of SQLite's errors: https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;

/** @returns the name of a table or a column as SQL has it */
export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Bytes 18 and 19 of the header are 2 in this mode: https://www.sqlite.org/fileformat.html */
const isInWalMode = (file: string) => {
  const header = new Uint8Array(20);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  return header[19] === 2;
};

/** A program that has a file open in WAL mode keeps these two files beside it. */
const isInUse = (file: string) => existsSync(`${file}-wal`) && existsSync(`${file}-shm`);

/** The lowest byte of SQLite's codes is the kind of the error, such as SQLITE_BUSY of SQLITE_BUSY_RECOVERY. */
const isOfKind = (error: unknown, kind: number) => Number(Object(error).errcode) % 256 === kind;

interface Options<Result> {
  readonly file: string;
  readonly read: (database: DatabaseSync) => Result;
  /** The read waits this long for a program that writes to the file. */
  readonly busyTimeoutMs?: number;
}

interface InPlace<Result> extends Options<Result> {
  readonly readOnly: boolean;
}

const readInPlace = <Result>(options: InPlace<Result>): Result => {
  const { file, read, readOnly, busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
  try {
    const database = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs });
    try {
      return read(database);
    } finally {
      database.close();
    }
  } catch (cause) {
    if (!isOfKind(cause, SQLITE_BUSY)) throw cause;
    const advice = "Try again later, or end that program first";
    throw new Error(`Another program is writing into the file. ${advice}`, { cause });
  }
};

/** The journal goes first: when the portal rolls it back meanwhile, the copy can be rolled back once more. */
const COPIED = ["-journal", "", "-wal"];

const readCopy = <Result>({ file, ...options }: Options<Result>): Result => {
  const folder = mkdtempSync(join(tmpdir(), "study-sessions-"));
  const copy = join(folder, "copy.db");
  try {
    for (const suffix of COPIED.filter((suffix) => existsSync(file + suffix))) {
      copyFileSync(file + suffix, copy + suffix);
      // The copy of a read-only file is read-only too, and nothing could be rolled back in it.
      chmodSync(copy + suffix, 0o600);
    }
    return readInPlace({ ...options, file: copy, readOnly: false });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/**
 * Reads a SQLite file. Changes nothing in its folder, which may be read-only.
 *
 * In WAL mode even a reader creates two files beside the database, and can't delete them. A copy avoids these files,
 * and has what is only in the write-ahead log. A copy of a file in use could be torn: SQLite reads such a file in place,
 * where the two files exist already. A program that was killed in the middle of a transaction leaves a journal, which
 * SQLite has to roll back before it can read: this happens in a copy as well.
 * @param options.read - may be called a second time, with a copy of the file
 * @throws Error when another program holds a lock for a long time, and what `read` throws
 */
export const readSqliteFile = <Result>(options: Options<Result>): Result => {
  // SQLite looks for the write-ahead log and the journal beside the file that a link leads to.
  const file = realpathSync(options.file);
  const needsCopy = isInWalMode(file) && !isInUse(file);
  if (needsCopy) return readCopy({ ...options, file });
  try {
    return readInPlace({ ...options, file, readOnly: true });
  } catch (error) {
    if (!isOfKind(error, SQLITE_READONLY)) throw error;
    return readCopy({ ...options, file });
  }
};
