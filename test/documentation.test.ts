import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import packageJson from "../package.json" with { type: "json" };
import { PAGES } from "./support/documentation.ts";

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```$/gms, "");

/** Converts a heading to its anchor as GitHub does. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (page: string) =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

/** Finds the links of a page to files of the project, as paths from the project's root. */
const linksOf = (path: string, page: string) =>
  [...withoutCode(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, file = "", anchor]) => ({
    file: file === "" ? path : join(dirname(path), file),
    anchor,
  }));

test.each([...PAGES])("each link in %s leads to a file and a heading that are there", (path, page) => {
  const broken = linksOf(path, page).filter(
    ({ file, anchor }) => !existsSync(file) || (anchor && !anchorsOf(PAGES.get(file) ?? "").includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test("each page is reachable from the README", () => {
  const linked = linksOf("README.md", PAGES.get("README.md") ?? "").map(({ file }) => file);
  expect([...PAGES.keys()].filter((path) => path !== "README.md" && !linked.includes(path))).toEqual([]);
});

test.each([...PAGES])("each npm script that %s names is there", (_, page) => {
  const named = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, script = ""]) => script);
  expect(named.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
});
