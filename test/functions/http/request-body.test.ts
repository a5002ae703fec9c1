import { beforeAll, expect, test } from "@jest/globals";
import { VALID } from "../../support/events.ts";
import type { Send } from "../../support/send.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable();
let send: Send;

beforeAll(() => {
  ({ send } = startService());
});

/** Sends what a gateway makes of bytes that it takes for no text. */
const sendBytes = (bytes: Buffer, contentType = "application/vnd.api+json") => {
  const headers = { "content-type": contentType };
  return send({ headers, body: bytes });
};

test.each([
  ["ASCII", JSON.stringify(VALID)],
  ["characters of two to four bytes", JSON.stringify({ ...VALID, note: "é語🎓" })],
  ["a member name beyond ASCII", JSON.stringify({ 名前: 1, ...VALID })],
])("creates a session from a body in base64 with %s", async (_, text) => {
  const { status, body } = await sendBytes(Buffer.from(text));
  expect(status).toBe(201);
  expect(JSON.parse(body)).toMatchObject(VALID);
});

test.each([
  ["no JSON", Buffer.from("abc"), "Request body is not valid JSON"],
  ["no UTF-8", Buffer.from([0x22, 0xc3, 0x22]), "Request body is not valid JSON"],
  ["a byte order mark", Buffer.from(`\uFEFF${JSON.stringify(VALID)}`), "Request body is not valid JSON"],
  ["nothing", Buffer.alloc(0), "Missing required fields: group_id, study_activity_id"],
])("responds with 400 to a body in base64 with %s", async (_, bytes, error) => {
  const { status, body } = await sendBytes(bytes);
  expect({ status, body }).toEqual({ status: 400, body: JSON.stringify({ error }) });
});

test.each([
  [16 * 1024, 201],
  [16 * 1024 + 1, 413],
])("measures a body in base64 by its decoded bytes: %d get %d", async (size, status) => {
  const bytes = Buffer.from(JSON.stringify(VALID).padEnd(size));
  expect(await sendBytes(bytes)).toMatchObject({ status });
});

test("takes text in UTF-8 as well as base64", async () => {
  const body = JSON.stringify({ ...VALID, note: "é語🎓" });
  const headers = { "content-type": "application/json; charset=utf-8" };
  expect(await send({ headers, body })).toMatchObject({ status: 201 });
});

test.each([
  ["application/json", 201],
  ["application/json;charset=utf-8", 201],
  ["application/json  ; charset=utf-8", 201],
  ["APPLICATION/JSON", 201],
  ["application/vnd.api+json", 201],
  ["application/a+b+json", 201],
  ["application/+json", 415],
  ["application/a/b+json", 415],
  ["application/a b+json", 415],
  ["application/a;b+json", 415],
  ["application/vndjson", 415],
  ["application/json charset", 415],
  ["text/application/json", 415],
  ["application/", 415],
])("responds to a body of type %s with %d", async (type, status) => {
  const response = await send({
    headers: { "content-type": type },
    body: JSON.stringify(VALID),
  });
  expect(response.status).toBe(status);
});
