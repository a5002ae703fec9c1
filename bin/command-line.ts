import { type ParseArgsConfig, parseArgs } from "node:util";
import { errorMessage } from "../lib/error-message.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Arguments<T extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: T }>>;

interface Command<T extends Options, Input> {
  readonly usage: string;
  readonly options: T;
  /** Checks the arguments. The command shows what this function throws above the usage. */
  readonly readArguments: (args: Arguments<T>) => Input;
  readonly run: (input: Input) => Promise<void>;
}

const endWith = (exitCode: number, message: string) => {
  console.error(message);
  process.exitCode = exitCode;
};

/**
 * Runs a command. Its exit code is 2 when it is called wrongly, and 1 when `run` throws: then the command shows the
 * message of the error. With --help it shows its usage and does nothing else.
 */
export const runCommand = async <const T extends Options, Input>(command: Command<T, Input>) => {
  const { usage, options, readArguments, run } = command;
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    console.log(usage);
    return;
  }
  let input: Input;
  try {
    input = readArguments(parseArgs({ allowPositionals: true, options }));
  } catch (error) {
    return endWith(2, `${errorMessage(error)}\n\n${usage}`);
  }
  try {
    await run(input);
  } catch (error) {
    endWith(1, errorMessage(error));
  }
};

/** Ends a command that can't go on. */
export const exitWithFailure = (reason: unknown) => {
  console.error(errorMessage(reason));
  process.exit(1);
};

/** For commands that take no arguments. */
export const refuseArguments = ({ positionals: [argument] }: { readonly positionals: readonly string[] }) => {
  if (argument !== undefined) throw new Error(`Unexpected argument '${argument}'`);
};
