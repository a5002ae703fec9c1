import { beforeEach, expect, jest, test } from "@jest/globals";
import { interceptCalls } from "../../support/intercept-calls.ts";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable({ hasOwnEngine: true });

beforeEach(() => {
  // The SDK waits for a random time before it tries again: not at all in here.
  jest.spyOn(Math, "random").mockReturnValue(0);
});

const failure = (name: string, code?: string) => Object.assign(new Error(`injected ${name}`), { name, code });

/** @returns how often each call of 20 creates was tried, by its outcome, when so many attempts of ten fail */
const countAttempts = async (failing: number, error: () => Error) => {
  const { client, send } = startService();
  let attempts = 0;
  interceptCalls(client, async ({ forward }) => {
    if (attempts++ % 10 < failing) throw error();
    return forward();
  });
  const tried: Record<"failed" | "succeeded", Set<number | undefined>> = {
    failed: new Set(),
    succeeded: new Set(),
  };
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args);
        tried.succeeded.add(result.output.$metadata.attempts);
        return result;
      } catch (caught) {
        tried.failed.add((caught as { $metadata?: { attempts?: number } }).$metadata?.attempts);
        throw caught;
      }
    },
    { step: "initialize", name: "countAttempts" },
  );
  for (let index = 0; index < 20; index++) await send(createRequest(`key-${failing}-${index}`));
  return tried;
};

test("no call fails before its third attempt, however many fail", async () => {
  const { failed } = await countAttempts(7, () => failure("TimeoutError", "ECONNRESET"));
  expect([...failed]).toEqual([3]);
});

test("a call that is throttled twice succeeds", async () => {
  const { succeeded } = await countAttempts(5, () => failure("ThrottlingException"));
  expect([...succeeded].toSorted()).toEqual([1, 2, 3]);
});

test("a call that can't succeed is tried once", async () => {
  const { failed } = await countAttempts(1, () => failure("AccessDeniedException"));
  expect([...failed]).toEqual([1]);
});
