import { afterAll, beforeAll, expect } from "@jest/globals";
import { findExamples } from "../support/documentation.ts";
import { createRequest } from "../support/requests.ts";
import { type Account, openAccount } from "./account.ts";
import { createSteps } from "./steps.ts";

const step = createSteps();
let account: Account;

beforeAll(async () => {
  account = await openAccount();
}, 60_000);

afterAll(() => account.close(), 60_000);

const PAGE = "docs/deploying.md";
const [repeat = "", deleteTable = ""] = findExamples(PAGE, "When the first deployment fails", "sh");

step("a first deployment with a setting that AWS refuses is rolled back", async () => {
  await account.run("npx cdk bootstrap");
  await account.addToProd("reservedConcurrency: 10,");
  const { code, output } = await account.tryToRun("npm run deploy");
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining("below its minimum value of [10]"),
  });
});

step("the protected stack that is left refuses the next deployment", async () => {
  await account.addToProd("");
  const { code, output } = await account.tryToRun("npm run deploy");
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining("TerminationProtection is enabled"),
  });
});

step("the documented commands delete the table that the rollback left", async () => {
  // On the page this comes last. But the emulator would give the new table the name of this one.
  const [listTables = ""] = deleteTable.split("\n");
  const table = (await account.run(listTables)).trim();
  expect(table).toMatch(/^StudySessions-Table\S+$/);
  expect(await account.run(deleteTable.replaceAll("<table>", table))).toMatch(/^0$/m);
  expect((await account.run(listTables)).trim()).toBe("");
});

step("the documented commands deploy the stack", async () => {
  await account.run(repeat);
  const prod = await account.readOutputs("prod");
  await account.run(`npm run import -- lib/database/reference-data.json --table ${prod.TableName}`);
  expect(await account.send(prod)(createRequest())).toMatchObject({ status: 201 });
});
