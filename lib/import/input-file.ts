import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parseReferenceData } from "../database/reference-data.ts";
import { errorMessage } from "../error-message.ts";
import { type PortalData, readPortalDatabase } from "./portal-database.ts";

/** SQLite files begin with this text: https://www.sqlite.org/fileformat.html */
const SQLITE_HEADER = "SQLite format 3\0";

/** @returns the first bytes of the file, as many as SQLite's header has */
const readHead = async (file: string) =>
  text(createReadStream(file, { end: SQLITE_HEADER.length - 1, encoding: "latin1" }));

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error(`This is not JSON: ${errorMessage(cause)}`, { cause });
  }
};

const readJson = async (file: string): Promise<PortalData> => {
  const referenceData = parseReferenceData(parseJson(await readFile(file, "utf8")));
  return { ...referenceData, study_sessions: [], highestSessionId: 0, refusals: [] };
};

/**
 * Reads what an import writes: an SQLite file of the portal, or groups and study activities as JSON.
 * @throws Error that begins with the file's name and says what is wrong with the file
 */
export const readInputFile = async (file: string): Promise<PortalData> => {
  try {
    const head = await readHead(file);
    if (head === "") throw new Error("The file is empty");
    return head === SQLITE_HEADER ? readPortalDatabase(file) : await readJson(file);
  } catch (cause) {
    throw new Error(`${file} can't be imported.\n${errorMessage(cause)}`, { cause });
  }
};
