import { expect, test } from "@jest/globals";
import { routeLimits } from "../lib/stack/settings/route-limits.ts";
import { SETTING_NAMES } from "../lib/stack/settings/settings.ts";
import { STAGE_SETTINGS, type StageSettings } from "../lib/stack/settings/stage-settings.ts";
import { readDocumentation, readTable } from "./support/documentation.ts";
import { createSettings } from "./support/settings.ts";

/** The words in a cell, without the quotes that show them as code. */
const readCell = (cell = "") => cell.replaceAll("`", "").split(", ");

/** The documented values by setting. A row can show several settings, with their values in the same order. */
const documented = readTable("docs/deploying.md", "Settings").flatMap((row) =>
  readCell(row.setting).map((name, i) => ({
    name,
    prod: readCell(row["`prod`"])[i] ?? "",
    dev: readCell(row["`dev`"])[i] ?? "",
  })),
);

/** Formats a value as the file of the settings shows it; a value that is not set becomes an empty text. */
const show = (settings: StageSettings, name: string) =>
  JSON.stringify(Object.entries(settings).find(([key]) => key === name)?.[1]) ?? "";

test("the documented settings are those of the two stages", () => {
  const { prod, dev } = STAGE_SETTINGS;
  expect(documented).toEqual(
    SETTING_NAMES.map((name) => ({ name, prod: show(prod, name), dev: show(dev, name) })),
  );
});

test("the documented read units are those that the bursts of prod need", () => {
  const limits = Object.values(routeLimits(createSettings({ stage: "prod" })));
  const factors = limits.map(({ burst, readUnits }) => `${burst} × ${readUnits}`).join(" + ");
  const sum = limits.reduce((total, { burst, readUnits }) => total + burst * readUnits, 0);
  expect(readDocumentation("docs/deploying.md").replaceAll("\n", " ")).toContain(
    `the bursts of \`prod\` need at most ${factors} = ${sum.toLocaleString("en-US")} read units`,
  );
});
