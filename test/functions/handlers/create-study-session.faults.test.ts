import { beforeEach, describe, expect, jest, test } from "@jest/globals";
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
  faultsOf,
  nameFault,
  REFERENCE_READS,
  scenariosOf,
} from "../../support/fault-scenarios.ts";
import { createRequest } from "../../support/requests.ts";
import { type Beginning, runScenario } from "../../support/run-scenario.ts";
import { sendToHandler } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { useTable } from "../../support/use-table.ts";

/** Blocks change the call for ids and nothing else, and a service that has cached the references does not read them. */
const isOfInterest = (call: string, { idBlockSize = 1, knowsReferences }: Beginning) =>
  (idBlockSize === 1 || call === "UpdateItem counter") &&
  !(knowsReferences && REFERENCE_READS.includes(call));

const casesOf = (keyed: keyof typeof CALLS, beginning: Beginning) => {
  const { reads, writes } = CALLS[keyed];
  const calls = [...reads, ...writes].filter((call) => isOfInterest(call, beginning));
  return faultsOf(calls, ALL_KINDS).map((fault) => ({ fault, name: nameFault(fault) }));
};

const BEGINNINGS: readonly Beginning[] = [
  { idBlockSize: 1, knowsReferences: false },
  { idBlockSize: 3, knowsReferences: false },
  { idBlockSize: 1, knowsReferences: true },
];

describe.each(BEGINNINGS)("beginning with %j", (beginning) => {
  const { table } = useTable();

  beforeEach(() => {
    // The SDK waits for a random time before it tries again: not at all in here.
    jest.spyOn(Math, "random").mockReturnValue(0);
  });

  describe("with a key, one session and one response come of", () => {
    test.each(casesOf("keyed", beginning))("$name", async ({ fault }) => {
      for (const twin of [false, true]) {
        for (const scenario of scenariosOf(true, [[{ ...fault, twin }]])) {
          await runScenario(scenario, table, beginning);
        }
      }
    });
  });

  describe("without a key, no 201 is wrong after", () => {
    test.each(casesOf("unkeyed", beginning))("$name", async ({ fault }) => {
      for (const scenario of scenariosOf(false, [[fault]])) await runScenario(scenario, table, beginning);
    });
  });
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
