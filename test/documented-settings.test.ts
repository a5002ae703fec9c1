import { expect, test } from "@jest/globals";
import cdkJson from "../cdk.json" with { type: "json" };
import { readDocumentation } from "./support/documentation.ts";

const { all, ...stages } = cdkJson.context.settings;

const [, section = ""] = readDocumentation("docs/deploying.md").split("\n## Settings\n");
const [table = ""] = section.split("\n## ");

/** The words in a cell, without the quotes that show them as code. */
const readCell = (cell = "") => cell.replaceAll("`", "").trim().split(", ");

/** By name. A row can show several settings, with their values in the same order. */
const documented = [...table.matchAll(/^\| (`[^|]+)\|([^|]+)\|([^|]+)\|/gm)].flatMap(([, names, prod, dev]) =>
  readCell(names).map((name, i) => ({
    name,
    prod: readCell(prod)[i] ?? "",
    dev: readCell(dev)[i] ?? "",
  })),
);

test("the documented settings are those of cdk.json", () => {
  const settings = Object.keys(all).map((name) => ({
    name,
    prod: { ...all, ...stages.prod }[name],
    dev: { ...all, ...stages.dev }[name],
  }));
  expect(documented).toEqual(settings);
});
