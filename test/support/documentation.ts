import { readdirSync, readFileSync } from "node:fs";

/** The pages that people read, by their paths. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith(".md"))
    .map((path) => [path, readFileSync(path, "utf8")]),
);

/** @throws Error when there is no such page */
export const readDocumentation = (path: string) => {
  const text = PAGES.get(path);
  if (text === undefined) throw new Error(`There is no ${path}`);
  return text;
};

/** @returns the code in the blocks of this language under the heading, in their order */
export const findExamples = (path: string, heading: string, language: string): readonly string[] => {
  const [, section = ""] = readDocumentation(path).split(new RegExp(`^#+ ${heading}$`, "m"));
  const blocks = (section.split(/^#+ /m)[0] ?? "").matchAll(
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"),
  );
  const examples = [...blocks].map(([, code = ""]) => code);
  if (examples.length === 0) throw new Error(`There is no ${language} under "${heading}" in ${path}`);
  return examples;
};

/**
 * @returns the lines as they are after the change that a diff shows
 * @throws Error when it is no diff
 */
export const applyDiff = (diff: string) => {
  const lines = diff.trimEnd().split("\n");
  const wrong = lines.find((line) => !/^[ +-]/.test(line));
  if (wrong !== undefined) throw new Error(`This is no line of a diff: ${wrong}`);
  return lines
    .filter((line) => !line.startsWith("-"))
    .map((line) => line.slice(1))
    .join("\n");
};

const readCells = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** @returns the rows of the first table under the heading, each with its cells by the heading of their column */
export const readTable = (path: string, heading: string) => {
  const [, section = ""] = readDocumentation(path).split(new RegExp(`^#+ ${heading}.*$`, "m"));
  const lines = /(?:^\|.*\|\n)+/m.exec(section)?.[0].trimEnd().split("\n") ?? [];
  const [columns = [], _, ...rows] = lines.map(readCells);
  if (rows.length === 0) throw new Error(`There is no table under "${heading}" in ${path}`);
  return rows.map((cells) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ""])));
};
