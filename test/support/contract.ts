/** The HTTP contract as a table of requests and their responses, for any way to send a request. */
import { gzipSync } from "node:zlib";
import { REJECTED_LISTS, REJECTED_READS } from "./contract-of-reading.ts";
import { VALID } from "./events.ts";
import { type Rejection, rejections } from "./rejection.ts";
import type { Request } from "./send.ts";

const JSON_TYPE = { "content-type": "application/json" };
const MAX_BODY_BYTES = 16 * 1024;
/** An id that no reference data has. */
const UNKNOWN = Number.MAX_SAFE_INTEGER;

const NOT_JSON = "Request body is not valid JSON";
const MISSING = "Missing required fields: group_id, study_activity_id";
const NOT_A_KEY = "Idempotency-Key must be 1 to 255 visible ASCII characters";

const json = (members: unknown): Request => ({ headers: JSON_TYPE, body: JSON.stringify(members) });
const text = (body: string | Buffer): Request => ({ headers: JSON_TYPE, body });
const valid = JSON.stringify(VALID);
const withHeaders = (headers: Record<string, string>): Request => ({ headers, body: valid });
const withKey = (key: string) => withHeaders({ ...JSON_TYPE, "idempotency-key": key });
/** Makes a valid body of exactly `size` bytes. */
const padded = (size: number) => text(valid.padEnd(size));

export const NOT_UTF8 = text(Buffer.from('{"group_id": "\xff"}', "latin1"));

const positive = (member: string) => `${member} must be a positive integer`;

const REJECTED_CREATES: readonly Rejection[] = [
  ...rejections(415, "Content-Type must be application/json", {
    "no headers at all": { headers: {}, body: valid },
    "text/plain": withHeaders({ "content-type": "text/plain" }),
    "a form": withHeaders({ "content-type": "application/x-www-form-urlencoded" }),
    "a type that only begins like JSON": withHeaders({ "content-type": "application/jsonlines" }),
    "an empty type": withHeaders({ "content-type": "" }),
    "neither a type nor a body": { headers: {} },
  }),
  ...rejections(413, "Request body is larger than 16 KB", {
    "one byte over 16 KB": padded(MAX_BODY_BYTES + 1),
    "few characters but over 16 KB in UTF-8": json({
      group_id: 1,
      study_activity_id: 2,
      note: "語".repeat(6000),
    }),
    "7 MB": padded(7_000_000),
    "100,000-deep nesting": text("[".repeat(100_000) + "]".repeat(100_000)),
    "too large and malformed": text("x".repeat(MAX_BODY_BYTES + 1)),
  }),
  ...rejections(400, NOT_JSON, {
    "malformed JSON": text('{"group_id": 1,'),
    "bare words": text("group_id=1"),
    "white space alone": text("  "),
    "a byte order mark": text(`\uFEFF${valid}`),
    "invalid UTF-8": NOT_UTF8,
    "a compressed body": {
      headers: { ...JSON_TYPE, "content-encoding": "gzip" },
      body: gzipSync(valid),
    },
    "a member named __proto__": text('{"group_id": 1, "study_activity_id": 2, "__proto__": {"a": 1}}'),
    "__proto__ in escapes": text('{"group_id": 1, "study_activity_id": 2, "\\u005f_proto__": 1}'),
    "__proto__ further down": text('{"group_id": 1, "study_activity_id": 2, "a": [{"__proto__": 1}]}'),
    "constructor.prototype": text('{"constructor": {"prototype": {"a": 1}}}'),
  }),
  ...rejections(400, MISSING, {
    "no body": { headers: JSON_TYPE },
    "an empty object": json({}),
    null: json(null),
    "an array": json([1, 2]),
    "a text": json("abc"),
    "a number": json(0),
    true: json(true),
    "no study_activity_id": json({ group_id: 1 }),
    "no group_id": json({ study_activity_id: 2 }),
    "one absent, the other wrong": json({ group_id: "1" }),
  }),
  ...rejections(
    400,
    positive("group_id"),
    Object.fromEntries(
      [null, "", "1", "abc", 1.5, 0, -1, true, false, [], [1], {}, 2 ** 53, 1e308].map((group_id) => [
        `group_id ${JSON.stringify(group_id)}`,
        json({ group_id, study_activity_id: 2 }),
      ]),
    ),
  ),
  ...rejections(400, positive("study_activity_id"), {
    "study_activity_id as text": json({ group_id: 1, study_activity_id: "2" }),
  }),
  ...rejections(400, `${positive("group_id")}; ${positive("study_activity_id")}`, {
    "both wrong": json({ study_activity_id: 0, group_id: -1.5 }),
  }),
  ...rejections(400, NOT_A_KEY, {
    "an empty key": withKey(""),
    "an empty key in quotes": withKey('""'),
    "a key with a space": withKey("a b"),
    "a key of 256 characters": withKey("k".repeat(256)),
    "a key beyond ASCII": withKey("clé"),
  }),
  ...rejections(404, "Group not found", {
    "an unknown group": json({ group_id: UNKNOWN, study_activity_id: 2 }),
  }),
  ...rejections(404, "Study activity not found", {
    "an unknown activity": json({ group_id: 1, study_activity_id: UNKNOWN }),
  }),
  ...rejections(404, "Group not found; Study activity not found", {
    "an unknown group and activity": json({ group_id: UNKNOWN, study_activity_id: UNKNOWN }),
    "unknown ids with a key": {
      ...json({ group_id: UNKNOWN, study_activity_id: UNKNOWN }),
      headers: { ...JSON_TYPE, "idempotency-key": `unknown-${Date.now()}` },
    },
  }),
];

/** The rejected requests of all routes. A request without a method and a path creates a session. */
export const REJECTED: readonly Rejection[] = [...REJECTED_CREATES, ...REJECTED_READS, ...REJECTED_LISTS];

interface Acceptance {
  readonly request: Request;
  /** The members that the created session has from the request. */
  readonly members: object;
}

const accept = (request: Request, members: object = VALID): Acceptance => ({ request, members });

/** The accepted requests that create a session. */
export const ACCEPTED: Readonly<Record<string, Acceptance>> = {
  "the two required members": accept(text('{"group_id": 1, "study_activity_id": 2}')),
  "a charset parameter": accept(withHeaders({ "content-type": "application/json; charset=utf-8" })),
  "white space before it": accept(withHeaders({ "content-type": "application/json ;charset=utf-8" })),
  "another case": accept(withHeaders({ "Content-Type": "Application/JSON" })),
  "a +json type": accept(withHeaders({ "content-type": "application/vnd.api+json" })),
  "exactly 16 KB": accept(padded(MAX_BODY_BYTES)),
  "unknown members": accept(json({ group_id: 1, study_activity_id: 2, id: 7, created_at: "x", a: {} })),
  "duplicate members": accept(text('{"group_id": 9, "study_activity_id": 2, "group_id": 1}')),
  "other ids": accept(json({ study_activity_id: 1, group_id: 2 }), { group_id: 2, study_activity_id: 1 }),
};
