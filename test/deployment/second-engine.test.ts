import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, test } from "@jest/globals";
import { type Emulator, startEmulator } from "./emulator.ts";

const TESTS = ["test/functions", "test/lib/import", "test/lib/verify", "test/contract.test.ts"];

let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  emulator = await startEmulator({ folder, enforcesIam: false });
}, 60_000);

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
}, 60_000);

// This engine takes several times as long for a call as the embedded one.
test("the functions, the import and npm run verify work with a second DynamoDB engine", async () => {
  const child = spawn("npm", ["test", "--", "--maxWorkers=1", "--testTimeout=120000", ...TESTS], {
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", AWS_ENDPOINT_URL_DYNAMODB: emulator.endpoint },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(output);
}, 1_800_000);
