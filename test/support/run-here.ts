import { jest } from "@jest/globals";

let runs = 0;

/**
 * Runs a script of `bin/` in the process of the test, without the time that a process needs to start. This is for
 * scripts that end by themselves. It does not show that a process would end: startCommandProcess does.
 */
export const runHere = async (
  script: string,
  variables: Readonly<Record<string, string>>,
  ...args: readonly string[]
) => {
  const { argv, env } = process;
  const { AWS_ENDPOINT_URL_DYNAMODB: _, ...inherited } = env;
  const printed = { stdout: "", stderr: "" };
  const spies = [
    jest.spyOn(console, "log").mockImplementation((text) => {
      printed.stdout += `${text}\n`;
    }),
    jest.spyOn(console, "error").mockImplementation((text) => {
      printed.stderr += `${text}\n`;
    }),
    // Each run would add listeners to the streams of the test.
    ...[process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "on").mockReturnThis()),
  ];
  process.argv = [argv[0] ?? "", script, ...args];
  process.env = { ...inherited, ...variables };
  try {
    // With a new query, jest runs the script again. The modules that the script imports stay loaded.
    await import(`../../${script}?run=${++runs}`);
    return { code: process.exitCode ?? 0, ...printed };
  } finally {
    Object.assign(process, { argv, env, exitCode: undefined });
    for (const spy of spies) spy.mockRestore();
  }
};
