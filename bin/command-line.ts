import { type ParseArgsConfig, parseArgs } from "node:util";
import { errorMessage } from "../lib/error-message.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Arguments<T extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: T }>>;

/**
 * Reads what a command was called with. Shows its usage, and ends it, when that is asked for (0) or when it was called
 * wrongly (2).
 * @param read - checks the arguments: what it throws is shown above the usage
 */
export const readCommandLine = <const T extends Options, Result>(
  usage: string,
  options: T,
  read: (args: Arguments<T>) => Result,
): Result => {
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read(parseArgs({ allowPositionals: true, options }));
  } catch (error) {
    console.error(`${errorMessage(error)}\n\n${usage}`);
    process.exit(2);
  }
};

/** For commands that take none. */
export const refuseArguments = ({ positionals: [argument] }: { readonly positionals: readonly string[] }) => {
  if (argument !== undefined) throw new Error(`Unexpected argument '${argument}'`);
};
