import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Fault } from "./fault-scenarios.ts";
import { FAULTS, type FaultyProcess } from "./faults.ts";
import { interceptCalls } from "./intercept-calls.ts";
import { type HttpResponse, type Request, type Send, sendToHandler } from "./send.ts";
import type { createService } from "./service.ts";

/** This is long enough for a create, and short enough for the tests in which a call hangs. */
const SHORT_TIMEOUT_MS = 600;
const TIMEOUT_MS = 6000;

interface Attempt {
  readonly request: Request;
  readonly faults: readonly Fault[];
  /** Serves nothing but this attempt, because its client keeps the faults. */
  readonly service: ReturnType<typeof createService>;
  /** Sends a twin of the request to a service without faults. */
  readonly sendQuietly: Send;
}

/**
 * Sends the request to a service whose process may die.
 * @returns the responses to the request and its twins, undefined where the process died, the calls before its death,
 *   and the delayed requests
 */
export const attemptWithFaults = async ({ request, faults, service, sendQuietly }: Attempt) => {
  const process = createMortalProcess();
  const twins: Promise<HttpResponse>[] = [];
  const sendTwin = () => {
    const twin = sendQuietly(request);
    twins.push(twin);
    return twin;
  };
  const calls = injectFaults(service.client, { faults, process, sendTwin });
  const send = sendToHandler(service.handler, faults.some(isEndless) ? SHORT_TIMEOUT_MS : TIMEOUT_MS);
  const response = await Promise.race([send(request), process.died]);
  return { responses: [response, ...(await Promise.all(twins))], calls, delayed: process.delayed };
};

const createMortalProcess = () => {
  const death = Promise.withResolvers<undefined>();
  let isDead = false;
  const delayed: FaultyProcess["delayed"] = [];
  const die = () => {
    isDead = true;
    death.resolve(undefined);
  };
  return { delayed, die, died: death.promise, isDead: () => isDead };
};

interface InjectOptions {
  readonly faults: readonly Fault[];
  readonly process: ReturnType<typeof createMortalProcess>;
  readonly sendTwin: () => Promise<unknown>;
}

/** @returns the calls that can have a fault, as they are made */
const injectFaults = (client: DynamoDBDocumentClient, { faults, process, sendTwin }: InjectOptions) => {
  const calls = new Set<string>();
  const injected = new Set<Fault>();
  interceptCalls(client, async (intercepted) => {
    if (process.isDead()) return FAULTS.hanging(intercepted);
    calls.add(intercepted.call);
    const fault = faults.find(({ call }) => call === intercepted.call);
    const isFirst = fault !== undefined && !injected.has(fault);
    if (!fault || (fault.once && !isFirst)) return intercepted.forward();
    if (fault.twin && isFirst) await sendTwin();
    injected.add(fault);
    return FAULTS[fault.kind](intercepted, process);
  });
  return calls;
};

const isEndless = ({ kind }: Fault) => /hanging|dies/.test(kind);
