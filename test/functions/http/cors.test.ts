import { expect, test } from "@jest/globals";
import { createRequest } from "../../support/requests.ts";
import { useTable } from "../../support/use-table.ts";

const { startService } = useTable();

const ORIGINS = ["https://portal.example", "http://localhost:5173"];

/** Sends a request that gets 415, which takes no call to the database. */
const sendFrom = (origin: string, allowedOrigins: readonly string[]) =>
  startService({ allowedOrigins }).send({ headers: { origin } });

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
  const { headers } = await sendFrom(origin, ORIGINS);
  expect(headers).not.toHaveProperty("access-control-allow-origin");
  expect(headers.vary).toBe("Origin");
});

test.each(ORIGINS)("allows the listed origin %s, whether the request succeeds or fails", async (origin) => {
  const { send } = startService({ allowedOrigins: ORIGINS });
  const { headers, ...request } = createRequest();
  const headersOfResponse = { "access-control-allow-origin": origin, vary: "Origin" };
  const created = await send({ ...request, headers: { ...headers, origin } });
  expect(created).toMatchObject({ status: 201, headers: headersOfResponse });
  expect(await sendFrom(origin, ORIGINS)).toMatchObject({ status: 415, headers: headersOfResponse });
});

test("names no origin where the request has none", async () => {
  const { status, headers } = await startService({ allowedOrigins: ORIGINS }).send({ headers: {} });
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
