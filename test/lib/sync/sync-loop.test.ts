import { renameSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { openPortal } from "../../../lib/sync/portal/portal-thread.ts";
import { openPortalSync } from "../../../lib/sync/portal-sync.ts";
import { type PassChanges, repeatPasses } from "../../../lib/sync/sync-loop.ts";
import { createFolder } from "../../support/create-folder.ts";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { openTestPortal } from "../../support/portal.ts";
import { createPortalFile } from "../../support/portal-file.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { useTableOfTest } from "../../support/use-table.ts";

const { table } = useTableOfTest({ hasOwnEngine: true });
let file: string;
let changes: PassChanges[];
let failures: string[];
/** Resolves after two whole passes: each pass reads the counter. */
let awaitPasses: () => Promise<void>;

beforeEach(async () => {
  file = createPortalFile({ file: join(createFolder(), "words.db") });
  const portal = openPortal({ name: "words.db", file, nameMap: new Map() });
  const ending = new AbortController();
  const { signal } = ending;
  const sync = await openPortalSync({ ...table, isLocal: true, portal, onProblem: () => {}, signal });
  await sync.copyReferences();
  let passes = 0;
  let onPass = () => {};
  interceptCalls(table.client, ({ call, forward }) => {
    if (call === "GetItem counter") passes++;
    onPass();
    return forward();
  });
  awaitPasses = () => {
    const end = passes + 3;
    return new Promise((resolve) => {
      onPass = () => passes >= end && resolve();
    });
  };
  changes = [];
  failures = [];
  const done = repeatPasses({
    sync,
    isLocal: true,
    onChanges: (change) => changes.push(change),
    onFailure: (reason) => failures.push(reason),
    signal,
  });
  runAtEnd(async () => {
    ending.abort();
    await done;
    await portal.close();
  });
});

test("names a failure once, and again after a pass that succeeds", async () => {
  const elsewhere = `${file}.old`;
  for (const times of [1, 2]) {
    renameSync(file, elsewhere);
    await awaitPasses();
    expect(failures).toEqual(Array(times).fill(expect.stringMatching(/^words\.db .*there is no such file$/)));
    renameSync(elsewhere, file);
    await awaitPasses();
  }
});

test("reads a file that is locked for a moment with a later pass", async () => {
  const server = openTestPortal(file);
  server.run("BEGIN EXCLUSIVE; DELETE FROM groups WHERE id = 1");
  await awaitPasses();
  server.run("COMMIT");
  await awaitPasses();
  expect(failures).toEqual([]);
  expect(changes).toMatchObject([{ inserted: 0, references: { groups: { removed: 1 } } }]);
});
