import {
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

/** Enough for every write of the portal, whose transactions are short. */
const BUSY_TIMEOUT_MS = 5_000;

const SQLITE_BUSY = 5;

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

/** Whoever has a file open in WAL mode, has these two beside the file. */
const isInUse = (file: string) => existsSync(`${file}-wal`) && existsSync(`${file}-shm`);

/** The lowest byte of SQLite's codes is the kind of the error, such as SQLITE_BUSY of SQLITE_BUSY_RECOVERY. */
const isBusy = (error: unknown) => Number(Object(error).errcode) % 256 === SQLITE_BUSY;

interface Options<Result> {
  readonly file: string;
  readonly read: (database: DatabaseSync) => Result;
  /** How long to wait for a program that writes into the file. */
  readonly busyTimeoutMs?: number;
}

const readInPlace = <Result>({ file, read, busyTimeoutMs = BUSY_TIMEOUT_MS }: Options<Result>): Result => {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
    try {
      return read(database);
    } finally {
      database.close();
    }
  } catch (cause) {
    if (!isBusy(cause)) throw cause;
    const advice = "Try again later, or end that program first";
    throw new Error(`Another program is writing into the file. ${advice}`, { cause });
  }
};

const readCopy = <Result>({ file, ...options }: Options<Result>): Result => {
  const folder = mkdtempSync(join(tmpdir(), "study-sessions-"));
  const copy = join(folder, "copy.db");
  try {
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    return readInPlace({ ...options, file: copy });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/**
 * Reads a SQLite file. Changes nothing in its folder, which may be read-only.
 *
 * In WAL mode even a reader creates two files beside the database, and can't delete them. A copy avoids these files,
 * and has what is only in the write-ahead log. A copy of a file in use could be torn: SQLite reads such a file in place,
 * where the two files exist already.
 * @throws Error when another program holds a lock for a long time, and what `read` throws
 */
export const readSqliteFile = <Result>({ file, ...options }: Options<Result>): Result => {
  // SQLite looks for the write-ahead log beside the file that a link leads to.
  const target = realpathSync(file);
  const needsCopy = isInWalMode(target) && !isInUse(target);
  return needsCopy ? readCopy({ ...options, file: target }) : readInPlace({ ...options, file: target });
};
