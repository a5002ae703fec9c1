import { randomUUID } from "node:crypto";
import { attemptWithFaults } from "./attempt-with-faults.ts";
import type { Scenario } from "./fault-scenarios.ts";
import { createRequest } from "./requests.ts";
import { findProblems } from "./scenario-problems.ts";
import { type HttpResponse, sendToHandler } from "./send.ts";
import { createService } from "./service.ts";
import { readLastId, readStoredSessions } from "./stored-sessions.ts";
import type { TestTable } from "./test-table.ts";

/** The state in which the services of a scenario begin. */
export interface Beginning {
  /** The default is 1. */
  readonly idBlockSize?: number;
  /** If true, the services cache references, and have those of the request in the cache. */
  readonly knowsReferences?: boolean;
}

/**
 * Runs the scenario on a table that nobody else uses meanwhile.
 * @throws Error with the scenario and its problems
 */
export const runScenario = async (scenario: Scenario, table: TestTable, beginning: Beginning = {}) => {
  const start = () => startService(table, beginning);
  const quiet = await start();
  const attempts = await Promise.all(
    scenario.attempts.map(async (faults) => ({ faults, service: await start() })),
  );
  const lastId = await readLastId(table);
  const responses = await collectResponses({ ...scenario, attempts, quiet });
  for (const { client } of [quiet, ...attempts.map(({ service }) => service)]) client.destroy();
  const stored = await readStoredSessions(table, lastId);
  const problems = findProblems({ hasKey: scenario.hasKey, responses, stored });
  if (problems.length > 0) {
    throw new Error(JSON.stringify({ problems, scenario, responses, stored }, null, 2));
  }
};

type Service = ReturnType<typeof createService>;

/** Starts a service. To cache the references, it has used up a whole block of ids. */
const startService = async ({ endpoint, tableName }: TestTable, beginning: Beginning) => {
  const { idBlockSize = 1, knowsReferences = false } = beginning;
  const referenceCacheSeconds = knowsReferences ? 3600 : 0;
  const service = createService(endpoint, tableName, { idBlockSize, referenceCacheSeconds });
  const earlierRequests = knowsReferences ? idBlockSize : 0;
  for (let i = 0; i < earlierRequests; i++) await sendToHandler(service.handler)(createRequest());
  return service;
};

interface Course extends Pick<Scenario, "hasKey" | "delay"> {
  readonly attempts: readonly Pick<Parameters<typeof attemptWithFaults>[0], "faults" | "service">[];
  /** This service meets no faults. */
  readonly quiet: Service;
}

const collectResponses = async ({ hasKey, attempts, delay, quiet }: Course) => {
  const request = createRequest(hasKey ? randomUUID() : undefined);
  const sendQuietly = sendToHandler(quiet.handler);
  const responses: (HttpResponse | undefined)[] = [];
  const undelivered: (() => Promise<unknown>)[] = [];
  for (const { faults, service } of attempts) {
    const attempt = await attemptWithFaults({ request, faults, service, sendQuietly });
    responses.push(...attempt.responses);
    undelivered.push(...attempt.delayed);
    if (delay === "until the next attempt") await deliver(undelivered.splice(0));
  }
  responses.push(await sendQuietly(request));
  await deliver(undelivered);
  if (hasKey) responses.push(await sendQuietly(request));
  return responses;
};

const deliver = async (requests: readonly (() => Promise<unknown>)[]) => {
  for (const deliverRequest of requests) await deliverRequest();
};
