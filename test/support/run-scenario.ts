import { randomUUID } from "node:crypto";
import { attemptWithFaults } from "./attempt-with-faults.ts";
import type { Scenario } from "./fault-scenarios.ts";
import { createRequest } from "./requests.ts";
import { findProblems } from "./scenario-problems.ts";
import { type HttpResponse, sendToHandler } from "./send.ts";
import { createServiceOf, createServiceWith } from "./service.ts";
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
 * @returns the calls of each attempt, without those of a process that had died
 * @throws Error with the scenario and its problems
 */
export const runScenario = async (scenario: Scenario, table: TestTable, beginning: Beginning = {}) => {
  const options = {
    idBlockSize: beginning.idBlockSize ?? 1,
    referenceCacheSeconds: beginning.knowsReferences ? 3600 : 0,
  };
  const quiet = createServiceWith(table, options);
  const attempts = scenario.attempts.map((faults) => ({ faults, service: createServiceOf(table, options) }));
  const services = attempts.map(({ service }) => service);
  if (beginning.knowsReferences) await cacheReferences([quiet, ...services], options.idBlockSize);
  const lastId = await readLastId(table);
  const { responses, calls } = await collectResponses({ ...scenario, attempts, quiet });
  for (const { client } of services) client.destroy();
  const stored = await readStoredSessions(table, lastId);
  const problems = findProblems({ hasKey: scenario.hasKey, responses, stored });
  if (problems.length > 0) {
    throw new Error(JSON.stringify({ problems, scenario, responses, stored }, null, 2));
  }
  return calls;
};

type Service = ReturnType<typeof createServiceOf>;

/** Lets the services cache the references of a request, and uses up a whole block of their ids. */
const cacheReferences = async (services: readonly Service[], idBlockSize: number) => {
  for (const { handler } of services) {
    const send = sendToHandler(handler);
    for (let created = 0; created < idBlockSize; created++) await send(createRequest());
  }
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
  const calls: ReadonlySet<string>[] = [];
  const undelivered: (() => Promise<unknown>)[] = [];
  for (const { faults, service } of attempts) {
    const attempt = await attemptWithFaults({ request, faults, service, sendQuietly });
    responses.push(...attempt.responses);
    calls.push(attempt.calls);
    undelivered.push(...attempt.delayed);
    if (delay === "until the next attempt") await deliver(undelivered.splice(0));
  }
  responses.push(await sendQuietly(request));
  await deliver(undelivered);
  if (hasKey) responses.push(await sendQuietly(request));
  return { responses, calls };
};

const deliver = async (requests: readonly (() => Promise<unknown>)[]) => {
  for (const deliverRequest of requests) await deliverRequest();
};
