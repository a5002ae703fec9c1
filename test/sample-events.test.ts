import { readdir, readFile } from "node:fs/promises";
import { beforeEach, expect, test } from "@jest/globals";
import { createContext } from "../lib/local/gateway-event.ts";
import { useTable } from "./support/use-table.ts";

const FOLDER = `${import.meta.dirname}/events`;
const SESSION = {
  id: expect.any(Number),
  group_id: 1,
  study_activity_id: 2,
  created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
};

const RESPONSES: Record<string, [number, object]> = {
  "create.json": [201, SESSION],
  "create-with-idempotency-key.json": [201, SESSION],
  "list.json": [200, { study_sessions: [SESSION], next: null }],
  "malformed-json.json": [400, { error: "Request body is not valid JSON" }],
  "missing-fields.json": [400, { error: "Missing required fields: group_id, study_activity_id" }],
  "no-content-type.json": [415, { error: "Content-Type must be application/json" }],
  "read.json": [200, { ...SESSION, id: 1 }],
  "unknown-group.json": [404, { error: "Group not found" }],
};

const { startService } = useTable();
let handler: ReturnType<typeof startService>["handler"];

const invoke = async (name: string) => {
  const event = JSON.parse(await readFile(`${FOLDER}/${name}`, "utf8"));
  return handler(event, createContext(6000));
};

beforeEach(async () => {
  ({ handler } = startService());
  await invoke("create.json");
});

test("every sample event has its response here", async () => {
  expect((await readdir(FOLDER)).sort()).toEqual(Object.keys(RESPONSES).sort());
});

test.each(Object.entries(RESPONSES))(
  "%s gets the response that its name says",
  async (name, [status, body]) => {
    const response = await invoke(name);
    expect(response.statusCode).toBe(status);
    expect(JSON.parse(response.body ?? "")).toEqual(body);
  },
);

test("the sample with a key gets the same session twice", async () => {
  const name = "create-with-idempotency-key.json";
  expect((await invoke(name)).body).toBe((await invoke(name)).body);
});
