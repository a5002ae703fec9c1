import { beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { startEmbeddedDatabase } from "../../../lib/database/engine/embedded-engine.ts";
import {
  addReferenceData,
  connectToEngine,
  createTableIfMissing,
} from "../../../lib/database/local-table.ts";
import { createFolder } from "../../support/create-folder.ts";
import {
  ALL_KINDS,
  CALLS,
  type Fault,
  faultsOf,
  nameFault,
  READ_KINDS,
  scenariosOf,
} from "../../support/fault-scenarios.ts";
import { createRequest } from "../../support/requests.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { type Beginning, runScenario } from "../../support/run-scenario.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { openTestTable, type TestTable } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

const { table } = useTable({ hasOwnEngine: true });

/** Each scenario of a fault has a table of its own, so that all run at the same time. */
const tables: TestTable[] = [];
const MAX_SCENARIOS = 6;

beforeAll(async () => {
  while (tables.length < MAX_SCENARIOS) {
    const opened = await openTestTable(table);
    runAtEnd(opened.close);
    tables.push(opened);
  }
});

beforeEach(() => {
  // The SDK waits for a random time before it tries again: not at all in here.
  jest.spyOn(Math, "random").mockReturnValue(0);
});

const READS = faultsOf(CALLS.keyed.reads, [...READ_KINDS, "process dies before"]);
const WRITES = faultsOf(CALLS.keyed.writes, ALL_KINDS);

/** With ids in blocks and known references, a create differs in one call alone: a block is taken, or it is not. */
const KINDS_OF_BLOCK = ["refused", "applied, response lost", "delayed"] as const;

const withName = (fault: Fault) => ({ fault, name: nameFault(fault) });

const isOfUnkeyed = ({ call }: Fault) => [...CALLS.unkeyed.reads, ...CALLS.unkeyed.writes].includes(call);

const scenariosWith = (fault: Fault) => [
  ...[false, true].flatMap((twin) => scenariosOf(true, [[{ ...fault, twin }]])),
  ...(isOfUnkeyed(fault) ? scenariosOf(false, [[fault]]) : []),
];

const runAll = async (fault: Fault, beginning: Beginning) => {
  const runs = scenariosWith(fault).map(async (scenario, index) => {
    const [table] = tables.slice(index);
    if (!table) throw new Error(`More than ${MAX_SCENARIOS} scenarios`);
    await runScenario(scenario, table, beginning);
  });
  const failed = (await Promise.allSettled(runs)).filter(({ status }) => status === "rejected");
  expect(failed).toEqual([]);
};

describe("one session and one response come of a key, and no 201 without a key is wrong, after", () => {
  test.each([...READS, ...WRITES].map(withName))("$name", async ({ fault }) => runAll(fault, {}));

  test.each(faultsOf(["UpdateItem counter"], KINDS_OF_BLOCK).map(withName))(
    "$name, for a block of ids and with known references",
    async ({ fault }) => runAll(fault, { idBlockSize: 2, knowsReferences: true }),
  );
});

test("loses nothing while the database can't be reached: 500, and 201 once it is back", async () => {
  const dataDir = createFolder();
  const first = await startEmbeddedDatabase({ dataDir });
  const admin = connectToEngine(first.endpoint);
  await createTableIfMissing(admin, "StudySessions");
  await addReferenceData(admin, "StudySessions");
  admin.destroy();
  const { handler, client } = createService(first.endpoint, "StudySessions");
  const send = sendToHandler(handler);

  expect(await send(createRequest())).toMatchObject({
    status: 201,
    body: expect.stringMatching(/^{"id":1,/),
  });
  await first.close();
  expect(await send(createRequest())).toMatchObject({
    status: 500,
    body: '{"error":"Database error: the study session could not be saved"}',
  });
  const second = await startEmbeddedDatabase({ dataDir, port: Number(new URL(first.endpoint).port) });
  expect(await send(createRequest())).toMatchObject({
    status: 201,
    body: expect.stringMatching(/^{"id":2,/),
  });

  client.destroy();
  await second.close();
});
