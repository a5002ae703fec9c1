import { join } from "node:path";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { readPortalDatabase } from "../../lib/import/portal/portal-database.ts";
import { findExamples } from "../support/documentation.ts";
import { createPortalFile } from "../support/portal-file.ts";
import { createRequest } from "../support/requests.ts";
import { type Account, type Outputs, openAccount } from "./account.ts";
import { createDocumentedUser } from "./documented-policies.ts";
import { findResources } from "./resources.ts";
import { openRights } from "./role-rights.ts";
import { createSteps } from "./steps.ts";

const SAMPLES = "lib/database/reference-data.json";
const PIPELINE = { path: "docs/deploying.md", heading: "A pipeline" };
const SYNC = { path: "docs/running.md", heading: "Its credentials" };

const [destroyDev = "", destroyProd = ""] = findExamples("docs/running.md", "Destroy it", "sh");
/** The CDK takes the option --force from the environment too. Nobody responds to its question. */
const UNASKED = { CDK_FORCE: "true" };

/** The contract creates sessions with these, and the first copy removes what the portal does not have. */
const SAMPLES_IN_PORTAL = `
  INSERT INTO groups (id, name) VALUES (2, 'Core Adjectives');
  INSERT INTO study_activities (id, name) VALUES (1, 'Typing Tutor');
`;

const step = createSteps();
let account: Account;
let prod: Outputs;
let dev: Outputs;

beforeAll(async () => {
  account = await openAccount();
}, 60_000);

afterAll(() => account.close(), 60_000);

step("cdk bootstrap prepares the account", () => account.run("npx cdk bootstrap"));

step(
  "the pipeline deploys dev, tests its contract and verifies its table with the documented rights",
  async () => {
    const user = await createDocumentedUser(account, "pipeline", PIPELINE);
    dev = await account.deploy("dev", user);
    await account.run(`npm run import -- ${SAMPLES} --table ${dev.TableName}`, user);
    await account.run("npm run test:contract", { BASE_URL: account.urlOf(dev) });
    await account.run(`npm run verify -- --table ${dev.TableName}`, user);
  },
);

step("prod is deployed beside dev, with its own table, and keeps the contract too", async () => {
  prod = await account.deploy("prod");
  await account.run(`npm run import -- ${SAMPLES} --table ${prod.TableName}`);
  const response = await account.send(prod)(createRequest());
  expect(response).toMatchObject({ status: 201, body: expect.stringContaining('"id":1,') });
  await account.run("npm run test:contract", { BASE_URL: account.urlOf(prod) });
});

step("sync copies sessions both ways with the documented rights, in both stages", async () => {
  for (const [index, { TableName }] of [dev, prod].entries()) {
    const user = await createDocumentedUser(account, `sync-${index}`, { ...SYNC, table: TableName });
    const file = createPortalFile({
      file: join(account.project, `words-${index}.db`),
      sql: SAMPLES_IN_PORTAL,
      sessions: [[1_000, 7, 2, "2025-02-20 12:00:00"]],
    });
    await account.run(`npm run sync -- ${file} --table ${TableName}`, user);
    await account.run(`npm run verify -- --table ${TableName}`);
    const portal = readPortalDatabase(file);
    expect([...portal.readSessions()].length).toBeGreaterThan(1);
    portal.close();
  }
  expect(
    await account.send(prod)({ method: "GET", path: "/api/study-sessions/1000", headers: {} }),
  ).toMatchObject({
    status: 200,
  });
});

step("without the right to put items a create gets 500, and with it 201 again", async () => {
  const rights = await openRights(account, prod.FunctionName);
  const create = () => account.send(prod)(createRequest());
  await rights.takeAway("dynamodb:PutItem");
  expect(await create()).toMatchObject({
    status: 500,
    body: '{"error":"Database error: the study session could not be saved"}',
  });
  await rights.restore();
  expect(await create()).toMatchObject({ status: 201 });
});

step("prod refuses to be destroyed", async () => {
  const { code, output } = await account.tryToRun("npm run destroy", UNASKED);
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining("TerminationProtection is enabled"),
  });
  expect(await account.send(prod)(createRequest())).toMatchObject({ status: 201 });
});

step("dev is destroyed and leaves nothing behind, and prod stays as it was", async () => {
  const before = await findResources(account);
  expect(before.dev).not.toEqual([]);
  await account.run(destroyDev, UNASKED);
  expect(await findResources(account)).toEqual({ dev: [], prod: before.prod });
});

step("prod is destroyed by the documented commands, with its table and logs", async () => {
  await account.run(destroyProd, UNASKED);
  expect(await findResources(account)).toEqual({ dev: [], prod: [] });
});
