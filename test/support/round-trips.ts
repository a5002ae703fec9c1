import { setImmediate as nextTurn } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type CallResponse, interceptCalls } from "./intercept-calls.ts";

/** The turns of the event loop in which the SDK, which needs no I/O for it, sends every call that can be sent. */
const TURNS = 20;

/**
 * Counts the round trips of a client. Each response waits until the other calls of its round trip have theirs and no
 * further call comes, so that the count doesn't depend on the speed of the engine.
 * @returns each call with the number of its round trip, and a function that starts again at 1
 */
export const countRoundTrips = (client: DynamoDBDocumentClient) => {
  const calls: [call: string, roundTrip: number][] = [];
  let finished = 0;
  let current: ReturnType<typeof startRoundTrip> | undefined;
  const finish = () => {
    finished++;
    current = undefined;
  };
  interceptCalls(client, ({ call, forward }) => {
    current ??= startRoundTrip(finish);
    calls.push([call, finished + 1]);
    return current.send(forward);
  });
  const forgetCalls = () => {
    calls.splice(0);
    finished = 0;
  };
  return { calls, forgetCalls };
};

const startRoundTrip = (onFinish: () => void) => {
  const responses: Promise<CallResponse>[] = [];
  const waitForAll = async () => {
    let count: number;
    do {
      count = responses.length;
      await Promise.allSettled(responses);
      for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    } while (responses.length > count);
    onFinish();
  };
  let all: Promise<void> | undefined;
  const send = async (forward: () => Promise<CallResponse>) => {
    const response = forward();
    responses.push(response);
    all ??= waitForAll();
    await all;
    return response;
  };
  return { send };
};
