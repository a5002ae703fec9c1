import { expect, test } from "@jest/globals";
import { SETTING_NAMES } from "../lib/stack/settings/settings.ts";
import { STAGE_SETTINGS, type StageSettings } from "../lib/stack/settings/stage-settings.ts";
import { readDocumentation } from "./support/documentation.ts";

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

/** A value as the file of the settings shows it; nothing for one that is not set. */
const show = (settings: StageSettings, name: string) =>
  JSON.stringify(Object.entries(settings).find(([key]) => key === name)?.[1]) ?? "";

test("the documented settings are those of the two stages", () => {
  const { prod, dev } = STAGE_SETTINGS;
  expect(documented).toEqual(
    SETTING_NAMES.map((name) => ({ name, prod: show(prod, name), dev: show(dev, name) })),
  );
});
