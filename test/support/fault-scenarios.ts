import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { pk } from "../../functions/study-session-store.ts";
import { VALID } from "./events.ts";
import { FAULTS, type FaultKind } from "./faults.ts";
import { interceptCalls } from "./intercept-calls.ts";
import { type Answer, type Send, sendToHandler } from "./send.ts";
import { createService } from "./service.ts";
import { openTestTable } from "./test-table.ts";

/** What happens to one call of a create. */
export interface Fault {
  readonly call: string;
  readonly kind: FaultKind;
  /** Whether the SDK's next attempt at the call gets through. */
  readonly once?: boolean;
  /** A second request with the same key runs from beginning to end just before. */
  readonly twin?: boolean;
}

/** What one client goes through: the faults of each of its attempts, before a last one that has none. */
export interface Scenario {
  readonly hasKey: boolean;
  readonly attempts: readonly (readonly Fault[])[];
  /** Whether delayed requests reach the engine before the client's next attempt, or after its last. */
  readonly delay: "until the next attempt" | "to the end";
}

const READS = ["GetItem group", "GetItem study_activity"];
const WRITES = ["UpdateItem counter", "PutItem study_session"];

/** The calls of a create, those that change nothing apart. */
export const CALLS = {
  unkeyed: { reads: READS, writes: WRITES },
  keyed: {
    reads: [...READS, "GetItem idempotency_key"],
    writes: [...WRITES, "PutItem idempotency_key"],
  },
} as const;

export const nameFault = ({ call, kind, once }: Fault) => `${call}: ${kind}${once ? " once" : ""}`;

const KINDS_ONCE: readonly FaultKind[] = ["refused", "throttled", "applied, answer lost", "delayed"];

/** Each fault of each kind that can happen to these calls. */
export const faultsOf = (calls: readonly string[], kinds: readonly FaultKind[]): readonly Fault[] =>
  calls.flatMap((call) =>
    kinds.flatMap((kind) => [
      { call, kind },
      ...(KINDS_ONCE.includes(kind) ? [{ call, kind, once: true }] : []),
    ]),
  );

export const ALL_KINDS = Object.keys(FAULTS) as FaultKind[];

/** The scenarios of these attempts: delayed requests, if there are any, arrive early in one and late in the other. */
export const scenariosOf = (hasKey: boolean, attempts: Scenario["attempts"]): readonly Scenario[] => {
  const isDelayed = attempts.flat().some(({ kind }) => kind === "delayed");
  const early = { hasKey, attempts, delay: "until the next attempt" } as const;
  return isDelayed ? [early, { ...early, delay: "to the end" }] : [early];
};

/** Enough for a create, and soon over when a call hangs. */
const SHORT_TIMEOUT_MS = 530;

const isEndless = ({ kind }: Fault) => /hanging|dies/.test(kind);

const CONTRACT_FAILURES = new Map([
  [500, '{"error":"Database error: the study session could not be saved"}'],
  [503, '{"error":"Service is busy, try again"}'],
]);

const request = (key: string | undefined) => ({
  headers: { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) },
  body: JSON.stringify(VALID),
});

/**
 * A table, and clients that create sessions in it while things go wrong.
 * @param idBlockSize - of the functions that serve them
 */
export const openWorld = async (idBlockSize = 1) => {
  const table = await openTestTable();
  let scenarios = 0;

  const read = async (key: string) => {
    const command = new GetCommand({ TableName: table.tableName, Key: { pk: key }, ConsistentRead: true });
    return (await table.client.send(command)).Item;
  };

  const lastId = async (): Promise<number> => (await read(pk.counter))?.last_id ?? 0;

  /** One attempt of the client, in a process of its own. The answer is undefined when the process dies. */
  const attempt = async (faults: readonly Fault[], key: string | undefined, sendQuietly: Send) => {
    const { client, handler } = createService(table.endpoint, table.tableName, { idBlockSize });
    const died = Promise.withResolvers<undefined>();
    const delayed: (() => Promise<unknown>)[] = [];
    const twins: Promise<Answer>[] = [];
    const struck = new Set<Fault>();
    let isDead = false;
    const die = () => {
      isDead = true;
      died.resolve(undefined);
    };
    interceptCalls(client, async (call) => {
      if (isDead) return FAULTS.hanging(call);
      const fault = faults.find((candidate) => candidate.call === call.call);
      if (!fault || (fault.once && struck.has(fault))) return call.forward();
      if (fault.twin && !struck.has(fault)) {
        twins.push(sendQuietly(request(key)));
        await twins.at(-1);
      }
      struck.add(fault);
      return FAULTS[fault.kind](call, { delayed, die });
    });
    const send = sendToHandler(handler, faults.some(isEndless) ? SHORT_TIMEOUT_MS : 6000);
    const answer = await Promise.race([send(request(key)), died.promise]);
    return { answers: [answer, ...(await Promise.all(twins))], delayed, disconnect: () => client.destroy() };
  };

  const readSessions = async (after: number) => {
    const ids = Array.from({ length: (await lastId()) - after }, (_, i) => after + 1 + i);
    const items = await Promise.all(ids.map((id) => read(pk.studySession(id))));
    return items
      .filter((item) => item !== undefined)
      .map(({ id, group_id, study_activity_id, created_at }) =>
        JSON.stringify({ id, group_id, study_activity_id, created_at }),
      );
  };

  const findProblems = (
    answers: readonly (Answer | undefined)[],
    stored: readonly string[],
    hasKey: boolean,
  ) => {
    const created = answers.filter((answer) => answer?.status === 201).map((answer) => answer?.body ?? "");
    const failed = answers.filter((answer) => answer && answer.status !== 201);
    const different = new Set(created).size;
    return [
      failed.some((answer) => CONTRACT_FAILURES.get(answer?.status ?? 0) !== answer?.body) &&
        "an answer that is not in the contract",
      answers.at(-1)?.status !== 201 && "a quiet retry that fails",
      created.some((body) => !stored.includes(body)) && "a 201 for a session that is not stored as it says",
      hasKey && different > 1 && "different answers to one key",
      hasKey && stored.length !== 1 && `${stored.length} sessions for one key`,
      !hasKey && different < created.length && "one session for two requests",
      !hasKey && stored.length > answers.length && "more sessions than requests",
    ].filter(Boolean);
  };

  /** @throws Error with the scenario and what went wrong in it */
  const run = async (scenario: Scenario) => {
    const key = scenario.hasKey ? `key-${++scenarios}` : undefined;
    const before = await lastId();
    const quiet = createService(table.endpoint, table.tableName, { idBlockSize });
    const sendQuietly = sendToHandler(quiet.handler);
    const answers: (Answer | undefined)[] = [];
    const toTheEnd: (() => Promise<unknown>)[] = [];
    const disconnects: (() => void)[] = [];
    const deliver = async (requests: readonly (() => Promise<unknown>)[]) => {
      for (const deliverRequest of requests) await deliverRequest();
    };
    for (const faults of scenario.attempts) {
      const { answers: received, delayed, disconnect } = await attempt(faults, key, sendQuietly);
      answers.push(...received);
      disconnects.push(disconnect);
      if (scenario.delay === "to the end") toTheEnd.push(...delayed);
      else await deliver(delayed);
    }
    answers.push(await sendQuietly(request(key)));
    await deliver(toTheEnd);
    if (scenario.hasKey) answers.push(await sendQuietly(request(key)));
    for (const disconnect of disconnects) disconnect();
    quiet.client.destroy();
    const stored = await readSessions(before);
    const problems = findProblems(answers, stored, scenario.hasKey);
    if (problems.length > 0) {
      throw new Error(JSON.stringify({ problems, scenario, answers, stored }, null, 2));
    }
  };

  return {
    run,
    close: table.close,
  };
};
