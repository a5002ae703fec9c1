import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAtEnd } from "./run-at-end.ts";

/** Creates a temporary folder for a test, or for all tests of a file when no test runs yet. */
export const createFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "study-sessions-"));
  runAtEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
