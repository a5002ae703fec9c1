/** The requests that the two reading routes reject. Every request has its method and its path. */
import { type Rejection, rejections } from "./rejection.ts";

const PATH = "/api/study-sessions";

const ID = "id must be a positive integer";
const LIMIT = "limit must be an integer from 1 to 100";
const BEFORE = "before must be a positive integer";

/** Makes requests for these paths, each with its path as its name. */
const gets = (paths: readonly string[]) =>
  Object.fromEntries(
    paths.map((path) => [`GET ${path.slice(0, 60)}`, { method: "GET", path: PATH + path, headers: {} }]),
  );

const NO_IDS = [
  ...["0", "01", "-1", "+1", "1.5", "1e3", "0x1", "abc", "null", "1,2", "9007199254740992", "9".repeat(400)],
  ...["%20", "%201", "%30", "%2B1", "%EF%BC%91"],
];

export const REJECTED_READS: readonly Rejection[] = [
  ...rejections(400, ID, gets(NO_IDS.map((id) => `/${id}`))),
  ...rejections(400, ID, gets(["/0?a=1"])),
  ...rejections(404, "Study session not found", gets(["/9007199254740991"])),
];

/** None of these is a limit or an id. Browsers and gateways read `+` as a space. */
const NO_NUMBERS = [
  "",
  "0",
  "00",
  "020",
  "-1",
  "+5",
  "%2B5",
  "1.5",
  "1e1",
  "abc",
  "%20",
  "5%20",
  "9".repeat(400),
];

export const REJECTED_LISTS: readonly Rejection[] = [
  ...rejections(400, LIMIT, gets([...NO_NUMBERS, "101", "1,2"].map((limit) => `?limit=${limit}`))),
  ...rejections(400, LIMIT, gets(["?limit", "?limit=1&limit=2", "?limit=5&limit=5", "?before=5&limit=x"])),
  ...rejections(400, BEFORE, gets([...NO_NUMBERS, "9007199254740992"].map((before) => `?before=${before}`))),
  ...rejections(400, BEFORE, gets(["?before", "?before=1&before=2", "?limit=5&before=x"])),
  ...rejections(400, "Unknown parameter: group_id", gets(["?group_id=1", "?limit=5&group_id=1&before=5"])),
  ...rejections(400, "Unknown parameter: Limit", gets(["?Limit=5"])),
  ...rejections(400, "Unknown parameter: limit ", gets(["?limit%20=5"])),
  ...rejections(400, "Unknown parameter: __proto__", gets(["?__proto__=1"])),
  ...rejections(400, "Unknown parameter: toString", gets(["?toString=1"])),
  ...rejections(400, `${LIMIT}; ${BEFORE}`, gets(["?limit=0&before=0", "?before=abc&limit=abc"])),
  ...rejections(400, `${LIMIT}; ${BEFORE}; Unknown parameter: a`, gets(["?a=1&before=0&limit=101"])),
  // The response and the log don't grow with the number and the length of the parameters.
  ...rejections(400, `${BEFORE}; Unknown parameter: a`, gets(["?a=1&b=2&before="])),
  ...rejections(
    400,
    `Unknown parameter: ${"n".repeat(40)}`,
    gets([`?${"n".repeat(40)}=1`, `?${"n".repeat(9000)}`]),
  ),
  ...rejections(
    400,
    `Unknown parameter: ${"語".repeat(40)}`,
    gets([`?${encodeURIComponent("語".repeat(41))}=1`]),
  ),
  ...rejections(
    400,
    "Unknown parameter: n0",
    gets([`?${Array.from({ length: 100 }, (_, i) => `n${i}`).join("&")}`]),
  ),
];
