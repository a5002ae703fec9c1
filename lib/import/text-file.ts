import { readFile } from "node:fs/promises";

const startsWith =
  (...beginnings: readonly string[]) =>
  (head: string) =>
    beginnings.some((beginning) => head.startsWith(beginning));

const isScript = (head: string) => /^\s*(?:--|\/\*|(?:PRAGMA|BEGIN|CREATE|INSERT|DROP|SET)\b)/i.test(head);

const isBinary = (head: string) => [...head].some((byte) => byte < "\t" || (byte > "\r" && byte < " "));

/** Files that people mistake for SQLite or JSON. */
const OTHER_FILES: readonly (readonly [isSuch: (head: string) => boolean, advice: string])[] = [
  [startsWith("\x1f\x8b"), "This is a gzip file. Unpack it first with gunzip"],
  [startsWith("PK\x03\x04"), "This is a zip file. Unpack it first"],
  [startsWith("\xff\xfe", "\xfe\xff", "{\0", "\0{"), "This is text in UTF-16. Save it in UTF-8"],
  [
    startsWith("version https://git-lfs.github.com"),
    "This is a Git LFS pointer. Get the real file with git lfs pull",
  ],
  [isScript, "This is an SQL script. Make a database from it with sqlite3 words.db < script.sql"],
  [isBinary, "This is neither a SQLite file nor JSON. If it is encrypted, decrypt it first"],
];

/**
 * @param head - the first bytes of a file, as latin1
 * @throws Error that says what the file is, when it can't be JSON
 */
export const checkHead = (head: string) => {
  const [, advice] = OTHER_FILES.find(([isSuch]) => isSuch(head)) ?? [];
  if (advice !== undefined) throw new Error(advice);
};

/**
 * Reads a text, without its byte order mark.
 * @throws Error when the text is not in UTF-8
 */
export const readText = async (file: string) => {
  const bytes = await readFile(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("This is not text in UTF-8. Save it in UTF-8", { cause });
  }
};
