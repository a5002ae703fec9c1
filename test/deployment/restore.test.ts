import { afterAll, beforeAll, expect } from "@jest/globals";
import { findExamples, readDocumentation } from "../support/documentation.ts";
import { createRequest } from "../support/requests.ts";
import { type Account, type Outputs, openAccount } from "./account.ts";
import { createSteps } from "./steps.ts";

const PAGE = "docs/running.md";
const [names = "", stop = "", restore = "", complete = "", repair = "", raise = "", resume = ""] =
  findExamples(PAGE, "Restore the table", "sh");

const step = createSteps();
let account: Account;
let prod: Outputs;

const [describe = ""] = /^aws .*/m.exec(names) ?? [];

/** Runs a block of the page with the names that the first block sets. */
const follow = (block: string) => {
  const setNames = names
    .replace(describe, "")
    .replace("<TableName>", prod.TableName)
    .replace("<FunctionName>", prod.FunctionName)
    .replace(/<time .*>/, new Date().toISOString());
  return account.run(`${setNames}\n${block}`);
};

const create = () => account.send(prod)(createRequest());
const list = () => account.send(prod)({ method: "GET", path: "/api/study-sessions", headers: {} });

beforeAll(async () => {
  account = await openAccount();
}, 60_000);

afterAll(() => account.close(), 60_000);

step("prod has three sessions, the second with an idempotency key", async () => {
  await account.run("npx cdk bootstrap");
  prod = await account.deploy("prod");
  await account.run(`npm run import -- lib/database/reference-data.json --table ${prod.TableName}`);
  for (const key of [undefined, "key", undefined]) {
    expect(await account.send(prod)(createRequest(key))).toMatchObject({ status: 201 });
  }
});

step("step 1 stops the creates, and reading goes on", async () => {
  await follow(describe);
  await follow(stop);
  // AWS responds with 503, the emulator with 429.
  expect((await create()).status).toBeGreaterThanOrEqual(429);
  expect(await list()).toMatchObject({ status: 200 });
});

step("steps 2 and 3 make a table that has what the old one has", async () => {
  await follow(restore);
  await follow(complete);
  const table = await follow("aws dynamodb describe-table --table-name $NEW");
  expect(table).toMatch(/"DeletionProtectionEnabled": true/);
  expect(await follow("aws dynamodb describe-continuous-backups --table-name $NEW")).toMatch(
    /"PointInTimeRecoveryStatus": "ENABLED"/,
  );
  expect(await follow("aws dynamodb describe-time-to-live --table-name $NEW")).toMatch(/"ENABLED"/);
});

/** The emulator restores the newest state. This is the state before the second and third session. */
const GO_BACK = `
  for id in 2 3; do
    aws dynamodb delete-item --table-name $NEW --key "{\\"pk\\": {\\"S\\": \\"study_session#$id\\"}}"
  done
  aws dynamodb update-item --table-name $NEW --key '{"pk": {"S": "counter#study_session"}}' \\
    --update-expression "SET last_id = :id" --expression-attribute-values '{":id": {"N": "1"}}'`;

step("steps 4 and 5 write the promised session again, and raise the counter", async () => {
  await follow(GO_BACK);
  expect(await follow(repair)).toContain("study_session#2 is missing: repaired");
  await follow(raise);
});

step("step 6 switches over", async () => {
  const [, setting = ""] = /add `(tableName: [^`]+)` to `prod`/.exec(readDocumentation(PAGE)) ?? [];
  await account.addToProd(setting);
  await account.deploy("prod");
});

step("step 7 lets the creates go on, with the next id", async () => {
  await follow(resume);
  expect(JSON.parse((await create()).body)).toMatchObject({ id: 4 });
  const { study_sessions } = JSON.parse((await list()).body);
  expect(study_sessions.map(({ id }: { readonly id: number }) => id)).toEqual([4, 2, 1]);
});
