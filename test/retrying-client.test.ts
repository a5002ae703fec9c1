import { beforeEach, expect, jest, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { findExamples } from "./support/documentation.ts";
import { VALID } from "./support/events.ts";
import { type RequestOutcome, startFaultyProxy } from "./support/faulty-proxy.ts";
import { runAtEnd } from "./support/run-at-end.ts";
import { startTestGateway } from "./support/test-gateway.ts";
import { useTable } from "./support/use-table.ts";

interface Options {
  readonly key?: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
  readonly onRetry?: (error: Error & { readonly status: number }, seconds: number) => void;
}

type CreateStudySession = (api: string, ids: object, options?: Options) => Promise<unknown>;

const [code] = findExamples("docs/calling.md", "A client that retries", "js");
const createStudySession: CreateStudySession = new Function(`${code}; return createStudySession;`)();

const { startService } = useTable();
let service: ReturnType<typeof startService>;

beforeEach(() => {
  service = startService();
});

interface Faults {
  /** The outcomes of the connections, one after the other. The others pass. */
  readonly outcomes?: readonly RequestOutcome[];
  /** The `Retry-After` of the 503s that come before the service responds. */
  readonly busy?: readonly string[];
  readonly onRequest?: () => void;
}

/** Starts the service behind a bad connection, and keeps the requests that reach it. */
const startApi = async ({ outcomes = [], busy = [], onRequest }: Faults = {}) => {
  const [outcomesLeft, busyLeft] = [[...outcomes], [...busy]];
  const requests: APIGatewayProxyEventV2[] = [];
  const gateway = await startTestGateway(async (event, context) => {
    requests.push(event);
    const seconds = busyLeft.shift();
    if (seconds === undefined) return service.handler(event, context);
    return {
      statusCode: 503,
      headers: { "Retry-After": seconds },
      body: '{"message":"Service Unavailable"}',
    };
  });
  const proxy = await startFaultyProxy(gateway.url, () => {
    onRequest?.();
    return outcomesLeft.shift() ?? "passed";
  });
  runAtEnd(gateway.close);
  runAtEnd(proxy.close);
  return { url: proxy.endpoint, requests };
};

/** Collects the client's reports of its retries. */
const collectRetries = () => {
  const retries: unknown[] = [];
  const onRetry: Options["onRetry"] = ({ status, message }, seconds) =>
    retries.push({ status, message, seconds });
  return { retries, onRetry };
};

test("the documented client creates one session over a bad connection, and reports each retry", async () => {
  const { url } = await startApi({ outcomes: ["dropped", "passed", "response lost"], busy: ["0.1"] });
  const { retries, onRetry } = collectRetries();
  const session = await createStudySession(url, VALID, { onRetry });
  const [created, replayed, ...others] = service.log.map(({ status, id }) => ({ status, id }));
  expect(created).toEqual({ status: 201, id: expect.any(Number) });
  expect(replayed).toEqual(created);
  expect(others).toEqual([]);
  expect(session).toMatchObject({ id: created?.id, ...VALID });
  expect(retries).toEqual([
    { status: 0, message: expect.stringContaining("fetch failed"), seconds: 0.5 },
    { status: 503, message: "Service Unavailable", seconds: 0.1 },
    { status: 0, message: expect.stringContaining("fetch failed"), seconds: 2 },
  ]);
});

test("it does not repeat what can't succeed", async () => {
  const { url } = await startApi();
  const { retries, onRetry } = collectRetries();
  await expect(createStudySession(url, { ...VALID, group_id: "x" }, { onRetry })).rejects.toMatchObject({
    status: 400,
    message: "group_id must be a positive integer",
  });
  expect(service.log).toHaveLength(1);
  expect(retries).toEqual([]);
});

test("it gives up after six attempts", async () => {
  const { url, requests } = await startApi({ busy: Array(7).fill("0.001") });
  const { retries, onRetry } = collectRetries();
  await expect(createStudySession(url, VALID, { onRetry })).rejects.toMatchObject({ status: 503 });
  expect(requests).toHaveLength(6);
  expect(retries).toHaveLength(5);
});

test("it sends a new key for each session, or the key and the token that it is given", async () => {
  const { url, requests } = await startApi();
  await createStudySession(url, VALID);
  await createStudySession(url, VALID);
  await createStudySession(url, VALID, { key: "k", token: "t" });
  const [first, second, third] = requests.map(({ headers }) => headers);
  expect(first?.["idempotency-key"]).toMatch(/^\d+(-\d+){3}$/);
  expect(second?.["idempotency-key"]).not.toBe(first?.["idempotency-key"]);
  expect(first).not.toHaveProperty("authorization");
  expect(third).toMatchObject({ "idempotency-key": "k", authorization: "Bearer t" });
});

/** This is less than the client's own timeout of 10 seconds: a client that continues after the abort fails. */
const AT_ONCE_MS = 8000;
const TOO_LONG = "40";

interface Abort {
  readonly when: string;
  /** Arranges that the client meets the abort. */
  readonly arrange: (abort: () => void) => Faults & Options;
  readonly requests: number;
  readonly retries: number;
}

const ABORTS: readonly Abort[] = [
  {
    when: "before it begins",
    arrange: (abort) => {
      abort();
      return {};
    },
    requests: 0,
    retries: 0,
  },
  {
    when: "while it waits for a response",
    arrange: (abort) => ({ outcomes: ["hanging"], onRequest: abort }),
    requests: 1,
    retries: 0,
  },
  {
    when: "when it reports a retry",
    arrange: (abort) => ({ busy: [TOO_LONG], onRetry: abort }),
    requests: 1,
    retries: 1,
  },
  {
    when: "during a pause",
    arrange: (abort) => ({ busy: [TOO_LONG], onRetry: () => setImmediate(abort) }),
    requests: 1,
    retries: 1,
  },
];

test.each(ABORTS)(
  "an abort $when ends it at once",
  async ({ arrange, requests, retries }) => {
    const controller = new AbortController();
    const { signal } = controller;
    const { onRetry, ...faults } = arrange(() => controller.abort(new Error("The user left")));
    const [onRequest, reportRetry] = [jest.fn(faults.onRequest), jest.fn(onRetry)];
    const { url } = await startApi({ ...faults, onRequest });
    await expect(createStudySession(url, VALID, { signal, onRetry: reportRetry })).rejects.toThrow(
      "The user left",
    );
    expect(onRequest).toHaveBeenCalledTimes(requests);
    expect(reportRetry).toHaveBeenCalledTimes(retries);
  },
  AT_ONCE_MS,
);
