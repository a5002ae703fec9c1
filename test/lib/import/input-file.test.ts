import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { readInputFile } from "../../../lib/import/input-file.ts";
import { parseNameMap } from "../../../lib/import/portal/portal-names.ts";
import { createFolder } from "../../support/create-folder.ts";
import { createPortalFile } from "../../support/portal-file.ts";

const DATA = { groups: [{ id: 3, name: "日本語", words_count: 0 }], study_activities: [] };

const folder = createFolder();

const write = async (name: string, content: string | Uint8Array) => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};

test("says what is wrong with the file as a whole", async () => {
  const file = createPortalFile({ file: join(folder, "other.db"), sql: "DROP TABLE study_activities;" });
  await expect(readInputFile(file)).rejects.toThrow(
    /other\.db can't be imported\.\nThere is no table study_activities\n/,
  );
  const broken = await write("broken.db", "SQLite format 3\0 and then nothing");
  await expect(readInputFile(broken)).rejects.toThrow(/can't be imported\.\n.*file is not a database/);
});

test("tells files of SQLite from others", async () => {
  const json = await readInputFile(await write("data.json", JSON.stringify(DATA)));
  expect(json).toMatchObject({ ...DATA, sessionCount: 0, highestSessionId: 0, names: [] });
  expect([...json.readSessions()]).toEqual([]);
  json.close();
  const portal = await readInputFile(
    createPortalFile({ file: join(folder, "real.db"), sessions: [[4, 1, 2, "2025-02-20"]] }),
  );
  expect(portal).toMatchObject({ sessionCount: 1, highestSessionId: 4 });
  expect([...portal.readSessions()]).toMatchObject([{ id: 4 }]);
  portal.close();
});

test.each(["absent.db", "text.txt/absent.db"])("says that there is no file %s", async (name) => {
  await write("text.txt", "");
  const file = join(folder, name);
  await expect(readInputFile(file)).rejects.toThrow(
    expect.objectContaining({ message: `${file} can't be imported.\nThere is no such file` }),
  );
});

test.each([
  ["text.json", "not JSON"],
  ["text.db", "neither a SQLite file nor JSON"],
])("says in one line what the text %s is not", async (name, kind) => {
  const file = await write(name, "hello\nworld\n");
  await expect(readInputFile(file)).rejects.toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        new RegExp(`^.* can't be imported\\.\\nThis is ${kind}: .*hello\\\\u000aworld.*$`),
      ),
    }),
  );
});

test.each([
  ["a byte order mark", `\uFEFF${JSON.stringify(DATA)}\r\n`],
  ["tabs", `\t${JSON.stringify(DATA, null, "\t")}`],
])("takes JSON with %s", async (name, content) => {
  const file = await write(`${name}.json`, content);
  expect(await readInputFile(file)).toMatchObject(DATA);
});

const json = JSON.stringify(DATA);
const encrypted = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151 + 7) % 256));
const UTF16 = "This is text in UTF-16. Save it in UTF-8";

test.each([
  ["nothing", "", "The file is empty"],
  [
    "CP932",
    Buffer.from('{"groups": [{"id": 3, "name": "\x93\xfa\x96\x7b"}]}', "latin1"),
    "This is not text in UTF-8. Save it in UTF-8",
  ],
  [
    "Latin-1",
    Buffer.from('{"groups": [{"id": 3, "name": "\xdcbung"}]}', "latin1"),
    "This is not text in UTF-8. Save it in UTF-8",
  ],
  ["UTF-16 with a mark", Buffer.from(`\uFEFF${json}`, "utf16le"), UTF16],
  ["UTF-16 without a mark", Buffer.from(json, "utf16le"), UTF16],
  ["UTF-16 the other way round", Buffer.from(json, "utf16le").swap16(), UTF16],
  [
    "SQL",
    "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n",
    "This is an SQL script. Make a database from it with sqlite3 words.db < script.sql",
  ],
  [
    "SQL after a comment",
    "-- SQLite dump\nCREATE TABLE groups (id INTEGER);",
    "This is an SQL script. Make a database from it with sqlite3 words.db < script.sql",
  ],
  ["gzip", gzipSync(json), "This is a gzip file. Unpack it first with gunzip"],
  ["zip", Buffer.from("PK\x03\x04\x14\0", "latin1"), "This is a zip file. Unpack it first"],
  [
    "a pointer of Git LFS",
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    "This is a Git LFS pointer. Get the real file with git lfs pull",
  ],
  [
    "colours of a terminal",
    "\x1b[32m{}",
    "This is neither a SQLite file nor JSON. If it is encrypted, decrypt it first",
  ],
  [
    "what is encrypted",
    encrypted,
    "This is neither a SQLite file nor JSON. If it is encrypted, decrypt it first",
  ],
])("says that a file has %s", async (name, content, message) => {
  const file = await write(name, content);
  await expect(readInputFile(file)).rejects.toThrow(
    expect.objectContaining({ message: `${file} can't be imported.\n${message}` }),
  );
});

test("says that a file is a folder", async () => {
  await expect(readInputFile(folder)).rejects.toThrow(`${folder} can't be imported.\nThis is a folder`);
});

test("refuses texts in JSON that are too long to be stored", async () => {
  const text = "x".repeat(2049);
  const file = await write(
    "long.json",
    JSON.stringify({
      groups: [{ id: 1, name: text }],
      study_activities: [
        { id: 1, name: "a", url: text.slice(1) },
        { id: 2, name: "b", preview_url: text },
      ],
    }),
  );
  await expect(readInputFile(file)).rejects.toThrow(
    "groups row 1, name: is longer than 2048 characters\n" +
      "study_activities row 2, preview_url: is longer than 2048 characters",
  );
});

test("maps no names in JSON", async () => {
  const file = await write("mapped.json", json);
  await expect(readInputFile(file, parseNameMap(["groups=words"]))).rejects.toThrow(
    "--map works only with SQLite files, and this is not one",
  );
});
