import { expect, test } from "@jest/globals";
import { parseIdempotencyKey } from "../../functions/idempotency-key.ts";
import { createRequest } from "../support/requests.ts";
import { useTable } from "../support/use-table.ts";

const { startService } = useTable();

test.each([
  ["in the case of a letter", "key-a", "key-A"],
  ["after the same 64 characters", `${"k".repeat(64)}a`, `${"k".repeat(64)}b`],
  ["after the same 200 characters", `${"k".repeat(200)}a`, `${"k".repeat(200)}b`],
  ["in the last of 255 characters", `${"k".repeat(254)}a`, `${"k".repeat(254)}b`],
  ["in quotes inside", 'a"b', "ab"],
])("makes two sessions of two keys that differ only %s", async (_, first, second) => {
  const { send } = startService();
  const [one, other] = [await send(createRequest(first)), await send(createRequest(second))];
  expect([one.status, other.status]).toEqual([201, 201]);
  expect(other.headers).not.toHaveProperty("idempotent-replayed");
  expect(JSON.parse(other.body).id).not.toBe(JSON.parse(one.body).id);
});

test.each([
  [undefined, undefined],
  ["!~", "!~"],
  ['"key"', "key"],
  ['""key""', '"key"'],
  ['"', '"'],
  ['key"', 'key"'],
  ['"key', '"key'],
  ['a"key"', 'a"key"'],
  ['"key"b', '"key"b'],
  ["k".repeat(255), "k".repeat(255)],
  [`"${"k".repeat(255)}"`, "k".repeat(255)],
])("reads %j", (header, key) => {
  expect(parseIdempotencyKey(header)).toBe(key);
});

test.each(["", '""', " ", "a b", "a\n", '"a\n"', '"\na"', "\u007f", "é", "k".repeat(256)])(
  "refuses %j",
  (header) => {
    expect(() => parseIdempotencyKey(header)).toThrow(
      expect.objectContaining({
        statusCode: 400,
        message: "Idempotency-Key must be 1 to 255 visible ASCII characters",
      }),
    );
  },
);
