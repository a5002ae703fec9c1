import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";

/** The files that every room of `functions/` may import. */
const GROUND = ["functions/routes.ts", "functions/http-error.ts", "functions/parse-integer.ts"];

/** `lib/` and `bin/` may import everything from `functions/` except the two entries. */
const FUNCTIONS = [
  "functions/environment.ts",
  "functions/handlers",
  "functions/sessions",
  "functions/dynamodb",
  "functions/http",
  ...GROUND,
];

/**
 * Each room, from the top floor down, with what it may import besides itself: rooms of lower floors only. A room is a
 * folder, with the folders in it that are no rooms themselves, or the files of a folder (`lib/*.ts`), or a single file.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  test: ["bin", "lib", "functions", "cdk.json", "package.json"],
  bin: ["lib", "package.json", ...FUNCTIONS],

  "lib/stack": ["lib/stack/settings", ...FUNCTIONS],
  "lib/stack/settings": ["lib/*.ts", ...FUNCTIONS],
  "lib/local": ["lib/openapi", "lib/database", "lib/*.ts", ...FUNCTIONS],
  "lib/openapi": ["package.json", ...FUNCTIONS],
  "lib/sync": ["lib/sync/portal", "lib/import", "lib/verify", "lib/database", "lib/*.ts", ...FUNCTIONS],
  "lib/sync/portal": ["lib/import", "lib/*.ts", ...FUNCTIONS],
  "lib/import": ["lib/import/portal", "lib/database", "lib/*.ts", ...FUNCTIONS],
  "lib/import/portal": ["lib/database", "lib/*.ts", ...FUNCTIONS],
  "lib/verify": ["lib/database", "lib/*.ts", ...FUNCTIONS],
  "lib/database": ["lib/database/engine", "lib/*.ts", ...FUNCTIONS],
  "lib/database/engine": ["lib/*.ts"],
  "lib/*.ts": [],

  "functions/write-function.ts": FUNCTIONS,
  "functions/read-function.ts": FUNCTIONS,
  "functions/environment.ts": ["functions/http", ...GROUND],
  "functions/handlers": ["functions/sessions", "functions/http", ...GROUND],
  "functions/sessions": ["functions/dynamodb", ...GROUND],
  "functions/dynamodb": GROUND,
  "functions/http": GROUND,
  "functions/routes.ts": [],
  "functions/http-error.ts": [],
  "functions/parse-integer.ts": [],

  "cdk.json": [],
  "package.json": [],
};

const FLOORS = Object.keys(ROOMS);

const isIn = (path: string, room: string) =>
  path === room ||
  path.startsWith(`${room}/`) ||
  (path.endsWith(".ts") && join(dirname(path), "*.ts") === room);

/** Finds the innermost room of a file. */
const roomOf = (file: string) =>
  FLOORS.filter((room) => isIn(file, room)).sort((a, b) => b.length - a.length)[0];

/** @returns undefined when the import is allowed */
const findProblem = (file: string, imported: string) => {
  const [from, to] = [roomOf(file), roomOf(imported)];
  if (from === undefined || to === undefined) return `${from ? imported : file} is in no room`;
  const isAllowed = from === to || ROOMS[from]?.some((room) => isIn(to, room));
  return isAllowed ? undefined : `${file} imports ${imported}, which ${from} may not know`;
};

/** Matches each import of a file that is named: static, dynamic, `import type`, `export … from` and `require`. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["'`](\.[^"'`$]*)["'`]/g;

const importsOf = (file: string, text: string) =>
  [...text.matchAll(IMPORT)].map(([, specifier = ""]) => join(file, "..", specifier));

const files = globSync("{bin,functions,lib,test}/**/*.{ts,js,mjs,cjs}", { exclude: ["**/node_modules"] });

test("each file imports only from the rooms that its own room may know", () => {
  const problems = files.flatMap((file) =>
    importsOf(file, readFileSync(file, "utf8")).map((imported) => findProblem(file, imported)),
  );
  expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
});

test("each file is in a room, and each room has files", () => {
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  const used = [...files, "cdk.json", "package.json"].map(roomOf);
  expect(FLOORS.filter((room) => !used.includes(room))).toEqual([]);
});

test("each room may know rooms of lower floors only", () => {
  for (const [floor, [room, known]] of Object.entries(ROOMS).entries()) {
    const higher = FLOORS.slice(0, floor + 1).filter((other) => known.some((each) => isIn(other, each)));
    expect({ room, higher }).toEqual({ room, higher: [] });
  }
});

test.each([
  ["functions/http/a.ts", "functions/sessions/b.ts", "functions/http may not know"],
  ["functions/http/a.ts", "functions/dynamodb/b.ts", "functions/http may not know"],
  ["functions/handlers/a.ts", "functions/dynamodb/b.ts", "functions/handlers may not know"],
  ["functions/routes.ts", "lib/local/b.ts", "functions/routes.ts may not know"],
  ["lib/stack/settings/a.ts", "lib/stack/b.ts", "lib/stack/settings may not know"],
  ["lib/database/a.ts", "lib/import/b.ts", "lib/database may not know"],
  ["bin/a.ts", "functions/write-function.ts", "bin may not know"],
  ["bin/a.ts", "test/b.ts", "bin may not know"],
  ["functions/http/a.ts", "functions/metrics/b.ts", "functions/metrics/b.ts is in no room"],
  ["lib/new/a.ts", "lib/database/b.ts", "lib/new/a.ts is in no room"],
])("%s may not import %s", (file, imported, problem) => {
  expect(findProblem(file, imported)).toContain(problem);
});

const SPECIFIER = '"../b.ts"';

test.each([
  `import { a } from ${SPECIFIER};`,
  `import type { A } from ${SPECIFIER};`,
  `import ${SPECIFIER};`,
  `export * from ${SPECIFIER};`,
  `const a = await import(${SPECIFIER});`,
  `type A = import(${SPECIFIER}).A;`,
  `const a = require(${SPECIFIER});`,
])("%s is an import", (text) => {
  expect(importsOf("lib/local/a.ts", text)).toEqual(["lib/b.ts"]);
});
