import { createHash, randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { readKeyHash } from "../../../functions/handlers/idempotency-key.ts";
import { pk } from "../../../functions/sessions/item-keys.ts";
import { createContext } from "../../../lib/local/gateway-event.ts";
import { createEvent, withToken } from "../../support/events.ts";
import { readItem } from "../../support/test-table.ts";
import { useTable } from "../../support/use-table.ts";

const { table, startService } = useTable();

const eventWith = (header: string | undefined) =>
  createEvent({ headers: header === undefined ? {} : { "idempotency-key": header } });

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

test.each([
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
])("reads the header %j as the key %j", (header, key) => {
  expect(readKeyHash(eventWith(header))).toBe(hashOf(key));
});

test("reads no key without the header", () => {
  expect(readKeyHash(eventWith(undefined))).toBeUndefined();
});

test.each(["", '""', " ", "a b", "a\n", '"a\n"', '"\na"', "\u007f", "é", "k".repeat(256)])(
  "refuses %j",
  (header) => {
    expect(() => readKeyHash(eventWith(header))).toThrow(
      expect.objectContaining({
        statusCode: 400,
        message: "Idempotency-Key must be 1 to 255 visible ASCII characters",
      }),
    );
  },
);

interface OwnedKey {
  readonly key: string;
  /** The `sub` of the user's token, if there is a token. */
  readonly subject: string | undefined;
}

const hashOwned = ({ key, subject }: OwnedKey) =>
  readKeyHash(subject === undefined ? eventWith(key) : withToken(eventWith(key), { sub: subject }));

test.each<[OwnedKey, string]>([
  // printf %s key | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
  [{ key: "key", subject: undefined }, "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM"],
  // printf %s 'key user' | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
  [{ key: "key", subject: "user" }, "wf-ipc1FCd_Qzv8ZZt2Mpek1ypm_C9WZLEYL_FmuSs4"],
])("gives %j the hash that deployed tables have", (owned, hash) => {
  expect(hashOwned(owned)).toBe(hash);
});

test.each([{}, { jwt: {} }])("a key belongs to nobody when the authorizer is %j", (authorizer) => {
  const { requestContext, ...event } = eventWith("key");
  const authorized = { ...event, requestContext: { ...requestContext, authorizer } };
  expect(readKeyHash(authorized)).toBe(hashOf("key"));
});

test("no two keys have one hash, whoever owns them", () => {
  const keys: readonly OwnedKey[] = [
    { key: "k", subject: undefined },
    { key: "k", subject: "" },
    { key: "k", subject: "u" },
    { key: "k", subject: "U" },
    { key: "k", subject: " u" },
    { key: "k", subject: "u u" },
    { key: "k", subject: "undefined" },
    { key: "ku", subject: undefined },
    { key: "ku", subject: "" },
    { key: '["k","u"]', subject: undefined },
    { key: "u", subject: "k" },
    { key: "K", subject: undefined },
    { key: 'k"k', subject: undefined },
    ...["a", "b"].flatMap((last) =>
      [64, 200, 254].map((length) => ({ key: "k".repeat(length) + last, subject: undefined })),
    ),
  ];
  expect(new Set(keys.map(hashOwned)).size).toBe(keys.length);
});

describe("where the gateway checks tokens", () => {
  /** Creates with this key, and the `sub` of a token if there is one. */
  const createAs = async (idempotencyKey: string, claims?: Readonly<Record<string, string>>) => {
    const { handler } = startService();
    const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey };
    const event = createEvent({ headers });
    const response = await handler(claims ? withToken(event, claims) : event, createContext(6000));
    const isReplay = response.headers?.["Idempotent-Replayed"] === "true";
    return { status: response.statusCode, isReplay, session: JSON.parse(response.body ?? "") };
  };

  test("a user who sends a key again gets the same session", async () => {
    const key = randomUUID();
    const first = await createAs(key, { sub: "user-1" });
    const again = await createAs(key, { sub: "user-1", exp: "1740060000" });
    expect(first).toMatchObject({ status: 201, isReplay: false });
    expect(again).toEqual({ ...first, isReplay: true });
  });

  test("two users with one key get a session each", async () => {
    const key = randomUUID();
    const first = await createAs(key, { sub: "user-1" });
    const other = await createAs(key, { sub: "user-2" });
    expect(other).toMatchObject({ status: 201, isReplay: false });
    expect(other.session.id).not.toBe(first.session.id);
  });

  test("a user never gets the session of a request without a token, nor the other way round", async () => {
    const key = randomUUID();
    const open = await createAs(key);
    const user = await createAs(key, { sub: "user-1" });
    expect(user).toMatchObject({ status: 201, isReplay: false });
    expect(await createAs(key)).toEqual({ ...open, isReplay: true });
    expect(await createAs(key, { sub: "user-1" })).toEqual({ ...user, isReplay: true });
  });

  test("tokens without a sub share their keys, as requests without a token do", async () => {
    const key = randomUUID();
    const open = await createAs(key);
    expect(await createAs(key, { client_id: "portal" })).toEqual({ ...open, isReplay: true });
  });

  test("the session and the record of a user's key have the hash as their owner, and nothing of key or user", async () => {
    const key = `key-${randomUUID()}`;
    const { session } = await createAs(key, { sub: "user-1" });
    const hash = hashOf(`${key} user-1`);
    const items = await Promise.all(
      [pk.idempotencyKey(hash), pk.studySession(session.id)].map((pk) => readItem(table, pk)),
    );
    expect(items).toMatchObject([session, { ...session, owner: hash }]);
    expect(JSON.stringify(items)).not.toMatch(/user-1|key-/);
  });
});
