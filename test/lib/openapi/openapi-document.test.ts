import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { ROUTES } from "../../../functions/routes.ts";
import { createOpenApiDocument } from "../../../lib/openapi/openapi-document.ts";
import { ACCEPTED, REJECTED } from "../../support/contract.ts";
import { VALID } from "../../support/events.ts";
import { MISBEHAVIOURS, startMisbehavingDatabase } from "../../support/misbehaving-database.ts";
import { type Answer, type Request, type Send, sendOverHttp } from "../../support/send.ts";
import { createService } from "../../support/service.ts";
import { startTestGateway } from "../../support/test-gateway.ts";
import { openTestTable } from "../../support/test-table.ts";

interface Response {
  readonly headers: Readonly<Record<string, object>>;
  readonly content?: {
    readonly "application/json": { readonly examples?: Record<string, { value: object }> };
  };
}

const ORIGIN = "https://portal.example";
const VALID_REQUEST: Request = {
  headers: { "content-type": "application/json" },
  body: JSON.stringify(VALID),
};

const { path: PATH } = ROUTES.createStudySession;
const document = createOpenApiDocument("/");
const { post, options } = document.paths[PATH] as unknown as Readonly<
  Record<string, { readonly responses: Readonly<Record<string, Response>> }>
>;
const ajv = new Ajv2020({
  strict: false,
  coerceTypes: true,
  formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
}).addSchema(document, "openapi");
const exactly = new Ajv2020({ strict: false, formats: { "date-time": true } }).addSchema(document, "openapi");

/** @param path - the names that lead to a schema in the document */
const isValid = (validator: Ajv2020, path: readonly (string | number)[], value: unknown) => {
  const pointer = path.map((name) => String(name).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const validate = validator.getSchema(`openapi#/${pointer}`);
  if (!validate) throw new Error(`The document has no ${pointer}`);
  return validate(value);
};

const OPERATION = ["paths", PATH, "post"];
const isDocumentedBody = (body: unknown) =>
  isValid(exactly, [...OPERATION, "requestBody", "content", "application/json", "schema"], body);
const isDocumentedKey = (key: unknown) => isValid(exactly, [...OPERATION, "parameters", 0, "schema"], key);

let table: Awaited<ReturnType<typeof openTestTable>>;
let send: Send;
const closers: (() => unknown)[] = [];

const startService = async (endpoint: string, tableName: string, allowedOrigins = ["*"]) => {
  const { handler, client } = createService(endpoint, tableName, { allowedOrigins });
  const gateway = await startTestGateway(handler, { allowedOrigins });
  closers.push(gateway.close, () => client.destroy());
  const sendOver = sendOverHttp(gateway.url);
  return (request: Request) => sendOver({ ...request, headers: { origin: ORIGIN, ...request.headers } });
};

beforeAll(async () => {
  table = await openTestTable();
  send = await startService(table.endpoint, table.tableName);
});

afterAll(async () => {
  for (const close of closers) await close();
  await table.close();
});

/** What only a preflight is about, the function sends with every answer. The gateway leaves it out. */
const isContractHeader = (name: string) =>
  /^(access-control-(allow-origin|expose-headers)|idempotent-replayed|retry-after|vary)$/.test(name);

const expectDocumented = (answer: Answer, method: "post" | "options" = "post") => {
  const status = String(answer.status);
  const response = (method === "post" ? post : options)?.responses[status];
  expect(response).toBeDefined();
  const path = ["paths", PATH, method, "responses", status];
  const documented = Object.keys(response?.headers ?? {});
  const sent = Object.keys(answer.headers).filter(isContractHeader);
  expect(documented.map((name) => name.toLowerCase())).toEqual(expect.arrayContaining(sent));
  for (const name of documented) {
    const value = answer.headers[name.toLowerCase()];
    if (value !== undefined)
      expect([name, isValid(ajv, [...path, "headers", name, "schema"], value)]).toEqual([name, true]);
  }
  if (!response?.content) return expect(answer.body).toBe("");
  const schema = [...path, "content", "application/json", "schema"];
  expect(isValid(exactly, schema, JSON.parse(answer.body))).toBe(true);
};

const examplesOf = (status: number | string) =>
  Object.values(post?.responses[status]?.content?.["application/json"].examples ?? {}).map(
    ({ value }) => value,
  );

const parse = ({ body = "" }: Request) => JSON.parse(String(body));

describe("the document describes", () => {
  test.each(REJECTED)("the answer $status to $name", async ({ request, error }) => {
    const answer = await send(request);
    expectDocumented(answer);
    expect(examplesOf(answer.status ?? 0)).toContainEqual({ error });
  });

  test.each(ACCEPTED)("$name and its answer", async ({ request }) => {
    expect(isDocumentedBody(parse(request))).toBe(true);
    expectDocumented(await send(request));
  });

  test("the replay of a key, and its refusal with other ids", async () => {
    const headers = { ...VALID_REQUEST.headers, "idempotency-key": randomUUID() };
    await send({ ...VALID_REQUEST, headers });
    const replay = await send({ ...VALID_REQUEST, headers });
    expect(replay.headers).toHaveProperty("idempotent-replayed");
    expectDocumented(replay);
    const refusal = await send({ body: JSON.stringify({ ...VALID, study_activity_id: 3 }), headers });
    expect(refusal.status).toBe(422);
    expectDocumented(refusal);
    expect(examplesOf(422)).toEqual([JSON.parse(refusal.body)]);
  });

  test.each([
    [500, "refuses access"],
    [503, "throttles"],
  ] as const)("the answer %i when the database %s", async (status, misbehaviour) => {
    const database = await startMisbehavingDatabase(MISBEHAVIOURS[misbehaviour]);
    closers.push(database.close);
    const answer = await (await startService(database.endpoint, "T"))(VALID_REQUEST);
    expect(answer.status).toBe(status);
    expectDocumented(answer);
    expect(examplesOf(status)).toContainEqual(JSON.parse(answer.body));
    if (status === 503) expect(answer.headers).toHaveProperty("retry-after");
  });

  test("the preflight", async () => {
    const headers = { "access-control-request-method": "POST" };
    const answer = await send({ method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expectDocumented(answer, "options");
  });

  test("the answer where origins are listed", async () => {
    const sendListed = await startService(table.endpoint, table.tableName, [ORIGIN]);
    const answer = await sendListed(VALID_REQUEST);
    expect(answer.headers).toMatchObject({ "access-control-allow-origin": ORIGIN, vary: "Origin" });
    expectDocumented(answer);
  });
});

describe("the document refuses", () => {
  const ofFields = REJECTED.filter(({ error }) => /^Missing|must be a positive integer/.test(error));
  test.each(ofFields.filter(({ request }) => request.body !== undefined))("$name", ({ request }) => {
    expect(isDocumentedBody(parse(request))).toBe(false);
  });

  test.each(REJECTED.filter(({ error }) => error.startsWith("Idempotency-Key")))("$name", ({ request }) => {
    expect(isDocumentedKey(request.headers["idempotency-key"])).toBe(false);
  });
});

test.each(["!", `"${"k".repeat(255)}"`, "k".repeat(255), 'a"b', '"'])(
  "the document takes the key %s",
  (key) => {
    expect(isDocumentedKey(key)).toBe(true);
  },
);

test("every example of an answer is one that its schema takes", () => {
  for (const status of Object.keys(post?.responses ?? {})) {
    for (const example of examplesOf(status)) {
      const path = [...OPERATION, "responses", status, "content", "application/json", "schema"];
      expect([example, isValid(exactly, path, example)]).toEqual([example, true]);
    }
  }
});

test("every example of a refusal is one that the contract has", () => {
  for (const status of [400, 404, 413, 415]) {
    const errors = examplesOf(status).filter((example) => "error" in example);
    for (const example of errors) expect(REJECTED.map(({ error }) => ({ error }))).toContainEqual(example);
  }
});
