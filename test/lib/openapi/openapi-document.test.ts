import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { OPERATIONS, type Operation } from "../../../functions/routes.ts";
import { ACCEPTED, REJECTED } from "../../support/contract.ts";
import { VALID } from "../../support/events.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../../support/misbehaving-database.ts";
import {
  examplesOf,
  isDocumentedBody,
  isDocumentedHeader,
  isDocumentedResponse,
  operationOf,
  responsesOf,
} from "../../support/openapi-document.ts";
import { createRequest } from "../../support/requests.ts";
import { runAtEnd } from "../../support/run-at-end.ts";
import { type HttpResponse, type Request, type Send, sendOverHttp } from "../../support/send.ts";
import { startTestGateway } from "../../support/test-gateway.ts";
import { useTable } from "../../support/use-table.ts";

const ORIGIN = "https://portal.example";

const get = (path: string): Request => ({ method: "GET", path, headers: {} });

const REQUESTS: Readonly<Record<Operation, Request>> = {
  createStudySession: createRequest(),
  readStudySession: get("/api/study-sessions/1"),
  listStudySessions: get("/api/study-sessions"),
};

const { startService } = useTable();
let send: Send;

/** @param endpoint - where the service finds its database, when it is not the table of these tests */
const startHere = async (allowedOrigins = ["*"], endpoint?: string) => {
  const { handler } = startService({ allowedOrigins }, endpoint);
  const gateway = await startTestGateway(handler, { allowedOrigins });
  runAtEnd(gateway.close);
  const sendOver = sendOverHttp(gateway.url);
  return (request: Request) => sendOver({ ...request, headers: { origin: ORIGIN, ...request.headers } });
};

beforeEach(async () => {
  send = await startHere();
});

/** The function sends the headers for preflights with every response. The gateway removes them. */
const isContractHeader = (name: string) =>
  /^(access-control-(allow-origin|expose-headers)|idempotent-replayed|location|retry-after|vary)$/.test(name);

const expectDocumentedHeaders = (operation: Operation, { status = 0, headers }: HttpResponse) => {
  const documented = Object.entries(responsesOf(operation)[status]?.headers ?? {});
  const names = documented.map(([name]) => name.toLowerCase());
  expect(names).toEqual(expect.arrayContaining(Object.keys(headers).filter(isContractHeader)));
  for (const [name, { required = false }] of documented) {
    const value = headers[name.toLowerCase()];
    if (required) expect(headers).toHaveProperty(name.toLowerCase());
    if (value === undefined) continue;
    expect([name, isDocumentedHeader(operation, { status, name, value })]).toEqual([name, true]);
  }
};

const expectDocumented = (operation: Operation, response: HttpResponse) => {
  const { status = 0, body } = response;
  expect(responsesOf(operation)).toHaveProperty(String(status));
  expectDocumentedHeaders(operation, response);
  expect(isDocumentedResponse(operation, status, JSON.parse(body))).toBe(true);
};

/** One example stands for all unknown parameters, whatever else is wrong with the query. */
const exampleFor = (error: string) =>
  error.includes("Unknown parameter") ? "Unknown parameter: group_id" : error;

/** The first request of each error of each operation. */
const ONE_OF_EACH = REJECTED.filter((one) => {
  const isAlike = ({ error, request }: typeof one) =>
    error === one.error && operationOf(request) === operationOf(one.request);
  return REJECTED.find(isAlike) === one;
});

describe("the document describes", () => {
  test.each(ONE_OF_EACH)("the response $status to $name", async ({ request, error }) => {
    const operation = operationOf(request);
    const response = await send(request);
    expectDocumented(operation, response);
    expect(examplesOf(operation, response.status)).toContainEqual({ error: exampleFor(error) });
  });

  test.each(Object.entries(ACCEPTED))("%s and its response", async (_, { request }) => {
    expect(isDocumentedBody(JSON.parse(String(request.body)))).toBe(true);
    expectDocumented("createStudySession", await send(request));
  });

  test("the replay of a key, and its refusal with other ids", async () => {
    const request = createRequest(randomUUID());
    await send(request);
    const replay = await send(request);
    expect(replay.headers).toHaveProperty("idempotent-replayed");
    expectDocumented("createStudySession", replay);
    const refusal = await send({ ...request, body: JSON.stringify({ ...VALID, study_activity_id: 3 }) });
    expect(refusal.status).toBe(422);
    expectDocumented("createStudySession", refusal);
    expect(examplesOf("createStudySession", 422)).toEqual([JSON.parse(refusal.body)]);
  });

  test("a session, and pages with and without a next one", async () => {
    await send(REQUESTS.createStudySession);
    const { headers } = await send(REQUESTS.createStudySession);
    const session = await send(get(String(headers.location)));
    const page = await send(get("/api/study-sessions?limit=1"));
    const lastPage = await send(get("/api/study-sessions?before=1"));
    expect(JSON.parse(page.body)).toEqual({ study_sessions: [expect.anything()], next: expect.anything() });
    expect(JSON.parse(lastPage.body)).toEqual({ study_sessions: [], next: null });
    expectDocumented("readStudySession", session);
    expectDocumented("listStudySessions", page);
    expectDocumented("listStudySessions", lastPage);
  });

  test.each([
    [500, "refuses access"],
    [503, "throttles"],
  ] as const)("the response %i of every operation when the database %s", async (status, misbehaviour) => {
    const database = await startMisbehavingDatabase(MISBEHAVIOURS[misbehaviour]);
    runAtEnd(database.close);
    const sendMisbehaving = await startHere(["*"], database.endpoint);
    const expectAsDocumented = async (operation: Operation) => {
      const response = await sendMisbehaving(REQUESTS[operation]);
      expect({ operation, status: response.status }).toEqual({ operation, status });
      expectDocumented(operation, response);
      expect(examplesOf(operation, status)).toContainEqual(JSON.parse(response.body));
      if (status === 503) expect(response.headers).toHaveProperty("retry-after");
    };
    await Promise.all(OPERATIONS.map(expectAsDocumented));
  });

  test.each(OPERATIONS)("the response of %s where origins are listed", async (operation) => {
    const sendListed = await startHere([ORIGIN]);
    const response = await sendListed(REQUESTS[operation]);
    expect(response.headers).toMatchObject({ "access-control-allow-origin": ORIGIN, vary: "Origin" });
    expectDocumented(operation, response);
  });
});
