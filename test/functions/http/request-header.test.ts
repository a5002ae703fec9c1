import { expect, test } from "@jest/globals";
import { readHeader } from "../../../functions/http/request-header.ts";
import { createEvent } from "../../support/events.ts";

test.each(["idempotency-key", "Idempotency-Key", "IDEMPOTENCY-KEY"])("finds the header %s", (name) => {
  const event = createEvent({ headers: { accept: "*/*", [name]: "key" } });
  expect(readHeader(event, "idempotency-key")).toBe("key");
});

test("takes the header in lower case where there are two", () => {
  const event = createEvent({ headers: { "Idempotency-Key": "other", "idempotency-key": "key" } });
  expect(readHeader(event, "idempotency-key")).toBe("key");
});

test("finds no header in an event that lacks it, or that has no headers", () => {
  const { headers: _, ...event } = createEvent();
  expect(readHeader(createEvent(), "idempotency-key")).toBeUndefined();
  expect(readHeader(event as ReturnType<typeof createEvent>, "idempotency-key")).toBeUndefined();
});
