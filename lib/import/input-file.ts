import { open, stat } from "node:fs/promises";
import { parseReferenceData, type ReferenceData } from "../database/reference-data.ts";
import { hasErrorCode } from "../error-code.ts";
import { errorMessage } from "../error-message.ts";
import { toPrintable } from "../printable.ts";
import { type PortalData, readPortalDatabase } from "./portal/portal-database.ts";
import type { NameMap } from "./portal/portal-names.ts";
import { MAX_TEXT_LENGTH } from "./portal/portal-rows.ts";
import { createRowSummary } from "./portal/row-summary.ts";
import { checkHead, readText } from "./text-file.ts";

/** SQLite files begin with this text: https://www.sqlite.org/fileformat.html */
const SQLITE_HEADER = "SQLite format 3\0";

const HEAD_LENGTH = 512;

/** @returns the first bytes of the file, as latin1 */
const readHead = async (file: string) => {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_LENGTH));
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
};

const parseJson = (json: string, file: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const kind = /\.json$/i.test(file) ? "not JSON" : "neither a SQLite file nor JSON";
    throw new Error(`This is ${kind}: ${toPrintable(errorMessage(cause))}`, { cause });
  }
};

const checkLengths = (data: ReferenceData) => {
  const faults = Object.entries(data).flatMap(([list, rows]) =>
    rows.flatMap((row, index) =>
      Object.entries(row)
        .filter(([, value]) => typeof value === "string" && value.length > MAX_TEXT_LENGTH)
        .map(
          ([member]) => `${list} row ${index + 1}, ${member}: is longer than ${MAX_TEXT_LENGTH} characters`,
        ),
    ),
  );
  if (faults.length > 0) throw new Error(faults.join("\n"));
};

const readJson = async (file: string): Promise<PortalData> => {
  const data = parseReferenceData(parseJson(await readText(file), file));
  checkLengths(data);
  return {
    ...data,
    refusedReferences: 0,
    sessionCount: 0,
    highestSessionId: 0,
    readSessions: () => [],
    refusals: createRowSummary(),
    notes: createRowSummary(),
    names: [],
    close: () => {},
  };
};

const checkFile = async (file: string) => {
  const stats = await stat(file).catch((cause: unknown) => {
    const isMissing = hasErrorCode(cause, "ENOENT") || hasErrorCode(cause, "ENOTDIR");
    throw isMissing ? new Error("There is no such file", { cause }) : cause;
  });
  if (stats.isDirectory()) throw new Error("This is a folder");
};

const read = async (file: string, nameMap: NameMap) => {
  await checkFile(file);
  const head = await readHead(file);
  if (head === "") throw new Error("The file is empty");
  if (head.startsWith(SQLITE_HEADER)) return readPortalDatabase(file, nameMap);
  checkHead(head);
  if (nameMap.size > 0) throw new Error("--map works only with SQLite files, and this is not one");
  return readJson(file);
};

/**
 * Reads what an import writes: an SQLite file of the portal, or groups and study activities as JSON.
 * @param nameMap - what the tables and columns of an SQLite file stand for
 * @throws Error that begins with the file's name and says what is wrong with the file
 */
export const readInputFile = async (file: string, nameMap: NameMap = new Map()): Promise<PortalData> => {
  try {
    return await read(file, nameMap);
  } catch (cause) {
    throw new Error(`${file} can't be imported.\n${errorMessage(cause)}`, { cause });
  }
};
