import { expect, test } from "@jest/globals";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable();

const ORIGINS = ["https://portal.example", "http://localhost:5173"];

const sendFrom = (origin: string, allowedOrigins: readonly string[]) => {
  const request = createRequest();
  return startService({ allowedOrigins }).send({ ...request, headers: { ...request.headers, origin } });
};

test.each([
  "https://portal.example.evil.com",
  "https://portal.exampl",
  "https://evil.https://portal.example",
  "https://portal.example:8443",
  "http://portal.example",
  "HTTPS://PORTAL.EXAMPLE",
  "https://Portal.example",
  "*",
  "null",
  "constructor",
  "",
])("allows no origin that only looks like a listed one: %j", async (origin) => {
  const { status, headers } = await sendFrom(origin, ORIGINS);
  expect(status).toBe(201);
  expect(headers).not.toHaveProperty("access-control-allow-origin");
  expect(headers.vary).toBe("Origin");
});

test.each(ORIGINS)("allows the listed origin %s", async (origin) => {
  const { headers } = await sendFrom(origin, ORIGINS);
  expect(headers).toMatchObject({ "access-control-allow-origin": origin, vary: "Origin" });
});

test("an error response names the allowed origin too, and no origin where the request has none", async () => {
  const { send } = startService({ allowedOrigins: ORIGINS });
  const origin = "http://localhost:5173";
  const expected = { status: 415, headers: { vary: "Origin", "access-control-allow-origin": origin } };
  expect(await send({ headers: { origin } })).toMatchObject(expected);
  const { status, headers } = await send({ headers: {} });
  expect({ status, vary: headers.vary }).toEqual({ status: 415, vary: "Origin" });
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});

test("gives every origin the same response when all are allowed, so caches need no Vary", async () => {
  const { headers } = await sendFrom("https://portal.example", ["*"]);
  expect(headers["access-control-allow-origin"]).toBe("*");
  expect(headers).not.toHaveProperty("vary");
});

test("responds to a preflight without a call, and logs one line", async () => {
  const { send, calls, log } = startService({ allowedOrigins: ORIGINS });
  const response = await send({ method: "OPTIONS", headers: { origin: "http://localhost:5173" } });
  expect(response).toMatchObject({
    status: 204,
    body: "",
    headers: { "access-control-allow-origin": "http://localhost:5173" },
  });
  expect(calls).toEqual([]);
  expect(log).toEqual([
    {
      timestamp: expect.any(String),
      level: "INFO",
      requestId: expect.any(String),
      status: 204,
      durationMs: expect.any(Number),
    },
  ]);
});
