import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const REQUIREMENTS = "test/deployment/requirements.txt";
const INSTALL = `python3 -m venv .venv && .venv/bin/pip install -r ${REQUIREMENTS}`;

/** The programs of the Python packages, in a virtual environment in the project's folder. */
export const PYTHON_PROGRAMS = resolve(".venv/bin");

const readInstalled = () => {
  try {
    return execFileSync(join(PYTHON_PROGRAMS, "pip"), ["freeze"], { encoding: "utf8" }).split("\n");
  } catch {
    return [];
  }
};

/** @throws Error that says how to install the emulator and the AWS CLI, when a package is missing */
export const checkPackages = () => {
  const installed = readInstalled();
  const wanted = readFileSync(join(import.meta.dirname, "requirements.txt"), "utf8")
    .trim()
    .split("\n");
  const missing = wanted.find((line) => !installed.includes(line));
  if (missing === undefined) return;
  throw new Error(`${missing} is not in .venv. Install Python 3 with its module venv, and run: ${INSTALL}`);
};
