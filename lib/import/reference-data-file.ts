import { readFile } from "node:fs/promises";
import { parseReferenceData, type ReferenceData } from "../database/reference-data.ts";
import { errorMessage } from "../error-message.ts";

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`This is not JSON: ${errorMessage(cause)}`, { cause });
  }
};

/**
 * Reads groups and study activities from a file.
 * @throws Error that begins with the file's name and says what is wrong in it
 */
export const readReferenceDataFile = async (file: string): Promise<ReferenceData> => {
  try {
    return parseReferenceData(parseJson(await readFile(file, "utf8")));
  } catch (cause) {
    throw new Error(`${file} can't be imported.\n${errorMessage(cause)}`, { cause });
  }
};
