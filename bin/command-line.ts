import { type ParseArgsConfig, parseArgs } from "node:util";
import { errorMessage } from "../lib/error-message.ts";
import { toPrintable, toPrintableLines } from "../lib/printable.ts";
import { checkNpmOptions, findKeptOptions } from "./npm-options.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Arguments<T extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: T }>>;

interface Command<T extends Options, Input> {
  readonly usage: string;
  readonly options: T;
  /** Checks the arguments. The command shows what this function throws above the usage. */
  readonly readArguments: (args: Arguments<T>) => Input;
  readonly run: (input: Input) => Promise<void>;
}

/** Thrown for a wrong call whose message is enough, such as a wrong variable: the usage is not printed. */
export class CallError extends Error {}

/** Keeps a command running when nobody reads its output any more, or when the disk for its output is full. */
const ignoreLostOutput = () => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
};

const describeError = (error: unknown) => toPrintableLines(errorMessage(error));

/** Finds the value that stands behind an option: `--port 5001` or `--port=5001`. */
const findValue = (option: string) => {
  const args = process.argv.slice(2);
  const index = args.findIndex((argument) => argument.split("=")[0] === option);
  return args[index]?.split("=")[1] ?? args[index + 1] ?? "…";
};

/** Explains which variable does what an option was meant to do, if there is one. */
const describeVariable = (option: string, value: string, usage: string) => {
  const variable = option.replace(/^-+/, "").replaceAll("-", "_").toUpperCase();
  const [, command] = /^Usage: (npm (?:run )?\w+)/.exec(usage) ?? [];
  const isVariable = usage.includes(`\n  ${variable} `);
  return isVariable ? `: set the variable ${variable}, as in ${variable}=${value} ${command}` : "";
};

/** Explains an option that a command does not have. Node's own message would explain positional arguments. */
const describeArgumentError = (error: unknown, usage: string) => {
  const [, option] = /^Unknown option '(.+?)'/.exec(errorMessage(error)) ?? [];
  if (option === undefined) return describeError(error);
  return toPrintable(`Unknown option '${option}'${describeVariable(option, findValue(option), usage)}`);
};

/** Checks that npm has kept no option of the command, and none in place of a variable of the command. */
const checkKeptOptions = ({ usage, options }: { readonly usage: string; readonly options: Options }) => {
  const words = process.argv.slice(2);
  checkNpmOptions(options, words);
  const variables = [...usage.matchAll(/^ {2}([A-Z_]{2,}) /gm)].map(([, variable = ""]) => variable);
  const [kept] = findKeptOptions(variables.map((variable) => variable.toLowerCase().replaceAll("_", "-")));
  if (kept === undefined) return;
  const value = kept.value === "true" ? (words[0] ?? "…") : kept.value;
  throw new Error(`Unknown option '--${kept.name}'${describeVariable(kept.name, value, usage)}`);
};

const endWith = (exitCode: number, message: string) => {
  console.error(message);
  process.exitCode = exitCode;
};

/**
 * Runs a command. With --help it prints its usage and does nothing else. With wrong arguments it prints what is wrong
 * and its usage, with exit code 2. When `run` throws, it prints the message of the error, with exit code 2 for a
 * CallError and 1 for other errors.
 */
export const runCommand = async <const T extends Options, Input>(command: Command<T, Input>) => {
  const { usage, options, readArguments, run } = command;
  ignoreLostOutput();
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    console.log(usage);
    return;
  }
  try {
    checkKeptOptions(command);
  } catch (error) {
    return endWith(2, describeError(error));
  }
  let input: Input;
  try {
    input = readArguments(parseArgs({ args: process.argv.slice(2), allowPositionals: true, options }));
  } catch (error) {
    return endWith(2, `${describeArgumentError(error, usage)}\n\n${usage}`);
  }
  try {
    await run(input);
  } catch (error) {
    endWith(error instanceof CallError ? 2 : 1, describeError(error));
  }
};

/** Ends a command that can't continue. */
export const exitWithFailure = (reason: unknown) => {
  console.error(describeError(reason));
  process.exit(1);
};

/**
 * Ends the process with its exit code although another copy of a signal arrives at the very end. When Node ends by
 * itself, it first removes the signal handlers, and the next signal then kills the process.
 */
export const keepSignalHandlers = () => {
  process.once("beforeExit", () => process.exit());
};

/**
 * Calls `end` at the first SIGINT or SIGTERM. For one Ctrl-C a command gets SIGINT several times: from the terminal,
 * from npm and from run-node. A person whose second Ctrl-C comes later ends the process at once.
 */
export const endOnSignal = (end: () => void) => {
  keepSignalHandlers();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt !== undefined && performance.now() - firstAt > 1000) process.exit(1);
    if (firstAt === undefined) end();
    firstAt ??= performance.now();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
};

/** Reads the arguments of a command that takes none. */
export const refuseArguments = ({ positionals: [argument] }: { readonly positionals: readonly string[] }) => {
  if (argument !== undefined) throw new Error(`Unexpected argument '${argument}'`);
};
