import { afterEach, expect, jest, test } from "@jest/globals";
import { createContext } from "../../lib/local/gateway-event.ts";
import { createEvent, VALID } from "../support/events.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { findServedOperations, operationsOf } from "../support/served-operations.ts";
import { useTable } from "../support/use-table.ts";
import { disableWarmUpTimeout } from "../support/warm-up-timeout.ts";

const { table } = useTable();
const inherited = process.env;

afterEach(() => {
  process.env = inherited;
});

test("reads the environment, warms up, and serves and logs as the environment says", async () => {
  disableWarmUpTimeout();
  let calls = 0;
  const proxy = await startFaultyProxy(table.endpoint, () => {
    calls++;
    return "passed";
  });
  process.env = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    TABLE_NAME: table.tableName,
    ALLOWED_ORIGINS: "https://portal.example",
    ID_BLOCK_SIZE: "3",
  };
  const lines: string[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  try {
    const { handler, ready } = await import("../../functions/write-function.ts");
    await ready;
    expect(calls).toBe(3);
    const responses = [];
    for (let turn = 0; turn < 3; turn++) responses.push(await handler(createEvent(), createContext(6000)));
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201]);
    expect(JSON.parse(responses[0]?.body ?? "")).toMatchObject(VALID);
    expect(responses[0]?.headers).toMatchObject({ Vary: "Origin" });
    // The sessions need a write each. Their references are read once, and their ids come of one more write.
    expect(calls).toBe(3 + 3 + 2 + 1);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: "INFO", status: 201 },
      { level: "INFO", status: 201 },
      { level: "INFO", status: 201 },
    ]);
    expect(await findServedOperations(handler)).toEqual(operationsOf("write"));
  } finally {
    await proxy.close();
  }
});
