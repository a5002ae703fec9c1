import { randomUUID } from "node:crypto";
import { attemptWithFaults } from "./attempt-with-faults.ts";
import type { Scenario } from "./fault-scenarios.ts";
import { createRequest } from "./requests.ts";
import { findProblems } from "./scenario-problems.ts";
import { type Answer, sendToHandler } from "./send.ts";
import { createService } from "./service.ts";
import { readLastId, readStoredSessions } from "./stored-sessions.ts";
import type { TestTable } from "./test-table.ts";

/**
 * Runs the scenario on a table that nobody else uses meanwhile.
 * @param idBlockSize - of the services that answer the client
 * @throws Error with the scenario and its problems
 */
export const runScenario = async (scenario: Scenario, table: TestTable, idBlockSize: number) => {
  const lastId = await readLastId(table);
  const answers = await collectAnswers(scenario, () =>
    createService(table.endpoint, table.tableName, { idBlockSize }),
  );
  const stored = await readStoredSessions(table, lastId);
  const problems = findProblems({ hasKey: scenario.hasKey, answers, stored });
  if (problems.length > 0) {
    throw new Error(JSON.stringify({ problems, scenario, answers, stored }, null, 2));
  }
};

type StartService = () => ReturnType<typeof createService>;

const collectAnswers = async ({ hasKey, attempts, delay }: Scenario, startService: StartService) => {
  const request = createRequest(hasKey ? randomUUID() : undefined);
  const quiet = startService();
  const sendQuietly = sendToHandler(quiet.handler);
  const services = [quiet];
  const answers: (Answer | undefined)[] = [];
  const undelivered: (() => Promise<unknown>)[] = [];
  for (const faults of attempts) {
    const service = startService();
    services.push(service);
    const attempt = await attemptWithFaults({ request, faults, service, sendQuietly });
    answers.push(...attempt.answers);
    undelivered.push(...attempt.delayed);
    if (delay === "until the next attempt") await deliver(undelivered.splice(0));
  }
  answers.push(await sendQuietly(request));
  await deliver(undelivered);
  if (hasKey) answers.push(await sendQuietly(request));
  for (const { client } of services) client.destroy();
  return answers;
};

const deliver = async (requests: readonly (() => Promise<unknown>)[]) => {
  for (const deliverRequest of requests) await deliverRequest();
};
