import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";
import { text } from "node:stream/consumers";
import { ACCOUNT, REGION } from "./emulator.ts";
import { PYTHON_PROGRAMS } from "./packages.ts";

export type Variables = Readonly<Record<string, string>>;

/** The variables of this process without those of npm and AWS, which would change what a command does. */
const inherited = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|AWS|NODE_OPTIONS)/i.test(name)));

const variablesFor = (endpoint: string): Variables => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_PAGER: "",
  // The emulator takes the number of the account as the access key of its root user.
  AWS_ACCESS_KEY_ID: ACCOUNT,
  AWS_SECRET_ACCESS_KEY: "secret",
  // The CDK takes its options from the environment too. Nobody responds to its questions.
  CDK_REQUIRE_APPROVAL: "never",
  CDK_OUTPUTS_FILE: "outputs.json",
  NO_COLOR: "1",
  PATH: [PYTHON_PROGRAMS, process.env.PATH].join(delimiter),
});

/** Runs commands of bash in a folder, as the root user of the emulated account unless variables name another user. */
export const createCommands = (folder: string, endpoint: string) => {
  /** Returns the exit code and all that the command prints. */
  const tryToRun = async (command: string, variables: Variables = {}) => {
    const child = spawn("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${command}`], {
      cwd: folder,
      env: { ...inherited(), ...variablesFor(endpoint), ...variables },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    return { code, output };
  };

  /** @throws Error with all that the command printed, when it fails */
  const run = async (command: string, variables?: Variables) => {
    const { code, output } = await tryToRun(command, variables);
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`);
    return output;
  };

  return { run, tryToRun };
};
