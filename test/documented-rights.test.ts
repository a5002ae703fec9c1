import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { writeData } from "../lib/import/data-writer.ts";
import { readInputFile } from "../lib/import/input-file.ts";
import { openPortal } from "../lib/sync/portal/portal-thread.ts";
import { openPortalSync } from "../lib/sync/portal-sync.ts";
import { verifyTable } from "../lib/verify/verify-table.ts";
import { createFolder } from "./support/create-folder.ts";
import { createSessions } from "./support/create-sessions.ts";
import { findExamples } from "./support/documentation.ts";
import { interceptCalls } from "./support/intercept-calls.ts";
import { openTestPortal } from "./support/portal.ts";
import { createPortalFile } from "./support/portal-file.ts";
import { createRequest } from "./support/requests.ts";
import { putItem } from "./support/stored-sessions.ts";
import type { TestTable } from "./support/test-table.ts";
import { useTableOfTest } from "./support/use-table.ts";

interface Statement {
  readonly Action: string | readonly string[];
  readonly Condition?: {
    readonly "ForAllValues:StringLike": { readonly "dynamodb:LeadingKeys": readonly string[] };
  };
}

interface Call {
  readonly action: string;
  readonly keys: readonly string[];
}

const readStatements = (policy = ""): readonly Statement[] => JSON.parse(policy).Statement;

const isLike = (key: string, pattern: string) =>
  pattern.endsWith("*") ? key.startsWith(pattern.slice(0, -1)) : key === pattern;

const allows = ({ Action, Condition }: Statement, { action, keys }: Call) => {
  if (![Action].flat().includes(action)) return false;
  const patterns = Condition?.["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
  return !patterns || keys.every((key) => patterns.some((pattern) => isLike(key, pattern)));
};

/** The keys of a call, also of a batch of writes. */
const keysIn = (value: unknown): readonly string[] => {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === "pk" ? [member.S] : keysIn(member)));
};

const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action).toSorted();

/** @returns the calls of the table's client from now on */
const recordCalls = ({ client }: TestTable) => {
  const calls: Call[] = [];
  interceptCalls(client, ({ call, input, forward }) => {
    calls.push({ action: `dynamodb:${call.split(" ")[0]}`, keys: keysIn(input) });
    return forward();
  });
  return calls;
};

const actionsIn = (calls: readonly Call[]) => [...new Set(calls.map(({ action }) => action))].toSorted();

const { table, startService } = useTableOfTest();

test("the documented rights are those that npm run sync uses", async () => {
  const file = createPortalFile({
    file: join(createFolder(), "words.db"),
    sessions: [
      [1, 7, 2, "2025-02-20 12:00:00"],
      [9, 1, 2, "2025-02-20 12:00:00"],
    ],
  });
  await createSessions({ ...table, count: 2 });
  const calls = recordCalls(table);
  const portal = openPortal({ name: "words.db", file, nameMap: new Map() });
  const { signal } = new AbortController();
  const copy = async () => {
    const sync = await openPortalSync({ ...table, isLocal: false, portal, onProblem: () => {}, signal });
    await sync.copyReferences();
    await sync.importOld(() => {});
    await sync.copySessions({ isWhole: true, onInserted: () => {} });
  };
  await copy();
  const server = openTestPortal(file);
  server.run(
    "DELETE FROM groups WHERE id = 7; INSERT INTO study_sessions VALUES (12, 1, 2, '2025-02-20 12:00:00')",
  );
  server.close();
  // An import that was ended in the middle has written a session under another owner.
  const session = { id: 12, group_id: 1, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" };
  await putItem(table, { pk: "study_session#12", ...session });
  await copy();
  await portal.close();

  const [policy] = findExamples("docs/running.md", "Its credentials", "json");
  const statements = readStatements(policy);
  expect(calls.filter((call) => !statements.some((statement) => allows(statement, call)))).toEqual([]);
  expect(actionsIn(calls)).toEqual(actionsOf(statements));
});

test("the documented rights of the role for dev are those that the pipeline uses for a new table", async () => {
  const calls = recordCalls(table);
  const data = await readInputFile("lib/database/reference-data.json", new Map());
  await writeData({
    ...table,
    data,
    obsoleteKeys: [],
    onRefused: () => {},
    startProgress: () => () => {},
  });
  data.close();
  expect(await startService().send(createRequest("a-key"))).toMatchObject({ status: 201 });
  await verifyTable(table);

  const [, , policy] = findExamples("docs/deploying.md", "A pipeline", "json");
  expect(actionsIn(calls)).toEqual(actionsOf(readStatements(policy)));
});
