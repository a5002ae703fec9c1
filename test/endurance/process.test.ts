import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Agent } from "node:http";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { pk } from "../../functions/sessions/item-keys.ts";
import { startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { verifyTable } from "../../lib/verify/verify-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { createRequest } from "../support/requests.ts";
import { type HttpResponse, type Send, sendOverHttp } from "../support/send.ts";
import { startServiceProcess } from "../support/service-process.ts";
import { readItem } from "../support/test-table.ts";

let dataDir: string;
let agent: Agent;

beforeEach(() => {
  dataDir = createFolder();
  agent = new Agent({ keepAlive: true });
});

afterEach(() => agent.destroy());

/** Creates sessions over 64 connections at a time, every second with a key, until `isOver` or the server has gone. */
const load = async (send: Send, isOver: () => boolean, onResponse: (response: HttpResponse) => void) => {
  let requests = 0;
  const connection = async () => {
    while (!isOver()) {
      const key = requests++ % 2 === 0 ? randomUUID() : undefined;
      const response = await send(createRequest(key)).catch(() => undefined);
      if (!response) return;
      onResponse(response);
    }
  };
  await Promise.all(Array.from({ length: 64 }, connection));
};

type Table = Parameters<typeof readItem>[0];

/** Opens the table that the killed processes have left behind. */
const withTable = async (use: (table: Table) => Promise<void>) => {
  const engine = await startEmbeddedDatabase({ dataDir });
  const client = DynamoDBDocumentClient.from(connectToEngine(engine.endpoint));
  try {
    await use({ client, tableName: "StudySessions" });
  } finally {
    client.destroy();
    await engine.close();
  }
};

const readCreationTimes = async (table: Table, ids: readonly number[]) => {
  const stored = [];
  for (const id of ids) stored.push((await readItem(table, pk.studySession(id)))?.created_at);
  return stored;
};

/** A process may die after it has written a key's record, and before it has written the session. */
const expectOnlyMissingSessions = async (table: Table) => {
  const { findings } = await verifyTable({ ...table, isRepairing: true, graceMs: 0 });
  for (const { message, isRepaired } of findings) {
    expect(message).toMatch(/^idempotency_key#\S+ has no session: study_session#\d+ is missing$/);
    expect(isRepaired).toBe(true);
  }
  expect((await verifyTable({ ...table, graceMs: 0 })).findings).toEqual([]);
};

test.each([
  { ID_BLOCK_SIZE: "1", REFERENCE_CACHE_SECONDS: "0" },
  { ID_BLOCK_SIZE: "1", REFERENCE_CACHE_SECONDS: "60" },
  { ID_BLOCK_SIZE: "20", REFERENCE_CACHE_SECONDS: "60" },
])(
  "loses no acknowledged session and repeats no id when it is killed under load, with %j",
  async (variables) => {
    const acknowledged: { id: number; created_at: string }[] = [];
    for (let round = 1; round <= 5; round++) {
      const { listening, kill, exited } = startServiceProcess({ DATA_DIR: dataDir, ...variables });
      const send = sendOverHttp(await listening, agent);
      const target = acknowledged.length + 150;
      await load(
        send,
        () => false,
        ({ status, body }) => {
          expect(status).toBe(201);
          acknowledged.push(JSON.parse(body));
          if (acknowledged.length === target) kill("SIGKILL");
        },
      );
      expect(await exited).toMatchObject({ signal: "SIGKILL" });
    }
    const ids = acknowledged.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(750);
    expect(new Set(ids).size).toBe(ids.length);
    await withTable(async (table) => {
      expect(await readCreationTimes(table, ids)).toEqual(acknowledged.map(({ created_at }) => created_at));
      await expectOnlyMissingSessions(table);
    });
  },
  120_000,
);

/** Only Linux tells; elsewhere the memory counts as constant. */
const readResidentKilobytes = async (pid: number | undefined) =>
  process.platform === "linux"
    ? Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1])
    : 1;

test("serves 10,000 creates over 64 connections, and its memory levels off", async () => {
  // So little room for garbage that it can't be taken for a leak, nor a leak for garbage.
  const NODE_OPTIONS = "--max-semi-space-size=2 --max-old-space-size=60";
  const { listening, kill, exited, pid } = startServiceProcess({ DATA_DIR: dataDir, NODE_OPTIONS });
  const send = sendOverHttp(await listening, agent);
  const ids = new Set<number>();
  const statuses = new Set<number | undefined>();
  let started = 0;
  const memory: number[] = [];
  for (const total of [2_500, 5_000, 7_500, 10_000]) {
    await load(
      send,
      () => started++ >= total,
      ({ status, body }) => {
        statuses.add(status);
        ids.add(JSON.parse(body).id);
      },
    );
    started = total;
    memory.push(await readResidentKilobytes(pid));
  }
  kill("SIGINT");
  expect(await exited).toMatchObject({ code: 0 });
  expect([...statuses]).toEqual([201]);
  expect(ids.size).toBe(10_000);
  const [, half = 0, , whole] = memory;
  expect(whole).toBeLessThan(half * 1.1);
}, 120_000);
