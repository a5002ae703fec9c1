import { readFileSync } from "node:fs";

type Options = Readonly<Record<string, { readonly type: "boolean" | "string" }>>;

const readFile = (file = "") => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

/**
 * npm shows a setting of an .npmrc in the same way as an option of its command line. A setting may stand in quotes, and
 * may have underscores and capital letters.
 */
const isSetting = (option: string) => {
  const { npm_config_userconfig: ofUser, npm_config_globalconfig: ofMachine } = process.env;
  const line = new RegExp(`^\\s*(["']?)${option.replaceAll("-", "[-_]")}\\1\\s*(=|$)`, "im");
  return line.test(readFile(ofUser)) || line.test(readFile(ofMachine));
};

const quote = (word: string) => (/^[\w.:/=@,+-]+$/.test(word) ? word : JSON.stringify(word));

/** To npm, -c is its own option --call. */
const CALL = "call";

/** npm keeps `--table=x` as "x". It keeps `--table x` as "true", and hands on x as an argument. */
const VALUE_IS_ARGUMENT = "true";

const spell = (option: string, type: "boolean" | "string", kept: string) => {
  if (option === CALL) return `-c ${quote(kept)}`;
  if (type === "boolean") return kept === "" ? `--no-${option}` : `--${option}`;
  if (kept === VALUE_IS_ARGUMENT) return `--${option} …`;
  return kept
    .split("\n")
    .map((value) => `--${option} ${quote(value)}`)
    .join(" ");
};

const readKept = (name: string) => {
  const { npm_lifecycle_event: script, npm_command: npmCommand, ...variables } = process.env;
  // npx has options of its own, and hands on those of the command.
  if (script === undefined || npmCommand === "exec") return undefined;
  const value = variables[`npm_config_${name.replaceAll("-", "_")}`];
  return value === undefined || isSetting(name) ? undefined : value;
};

/**
 * Finds the options that npm has kept for itself, as it does without the first "--".
 * @returns the names of these options with what npm kept of each: its value, "true", or "" for `--no-…`
 */
export const findKeptOptions = (names: readonly string[]) =>
  names.flatMap((name) => {
    const value = readKept(name);
    return value === undefined ? [] : [{ name, value }];
  });

/** npm completes --replace to its own --replace-registry-host, which takes the next word as its value. */
const spellReplace = (options: Options) => {
  const kept = readKept("replace-registry-host");
  const isOwn = kept === undefined || ["npmjs", "never", "always"].includes(kept);
  if (isOwn || !options.replace) return [];
  if (kept === "true") return ["--replace"];
  const isValueMissing = options[kept.replace(/^--/, "")]?.type === "string";
  return [`--replace ${quote(kept)}${isValueMissing ? " …" : ""}`];
};

/** npm reads --map as its own -m -a -p, and --app as -a -p -p. Of both it keeps "all" and "parseable". */
const spellSplit = (options: Options) => {
  const isSplit = readKept("all") === "true" && readKept("parseable") === "true";
  return isSplit ? ["map", "app"].filter((name) => options[name]).map((name) => `--${name} …`) : [];
};

/**
 * Checks that npm has kept no option of a command. Without the option, the command would do something else: import for
 * real, for example.
 * @param words - the arguments that reached the command
 * @throws Error that says how to call the command
 */
export const checkNpmOptions = (options: Options, words: readonly string[] = []) => {
  const kept = [
    ...findKeptOptions(Object.keys(options)).map(({ name, value }) =>
      spell(name, options[name]?.type ?? "string", value),
    ),
    ...spellReplace(options),
    ...spellSplit(options),
  ];
  if (kept.length === 0) return;
  const call = [...(kept.some((text) => text.endsWith("…")) ? [] : words.map(quote)), ...kept].join(" ");
  const { npm_lifecycle_event: script } = process.env;
  throw new Error(
    `npm kept ${kept.join(" ")} for itself, and nothing was done. Write: npm run ${script} -- ${call}`,
  );
};
