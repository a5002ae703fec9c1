import { oneOf } from "./setting-parsers.ts";

export const STAGES = ["prod", "dev"] as const;

type Texts = Readonly<Record<string, unknown>>;

/** What the CDK's libraries and command keep in the context themselves. All that has a colon is theirs. */
const CDK_CONTEXT = /:|^cdk-|^(cli-telemetry|acknowledged-issue-numbers)$/;

/** The two members of the context that `cdk.json` has beside those of the CDK. */
const NO_SETTINGS = ["stage", "settings"];

/** What the command line adds to the context of `cdk.json`. */
const readCommandLine = (context: Texts) =>
  Object.fromEntries(
    Object.entries(context).filter(([name]) => !CDK_CONTEXT.test(name) && !NO_SETTINGS.includes(name)),
  );

/** The names of the settings that `-c` set: the next deployment doesn't know them. */
export const namesFromCommandLine = (context: Texts): readonly string[] =>
  Object.keys(readCommandLine(context));

/** The settings of the stage as text: `settings.all`, then those of the stage, then those of the command line. */
export const readSettingTexts = (context: Texts) => {
  const stage = oneOf(STAGES)(String(context.stage), "stage");
  const levels = Object(context.settings);
  return { stage, texts: { ...levels.all, ...levels[stage], ...readCommandLine(context) } };
};

interface Names {
  readonly names: readonly string[];
  readonly known: readonly string[];
  readonly kind: "setting" | "stage";
  /** What stands before the names in a message. */
  readonly prefix: string;
}

const checkNames = ({ names, known, kind, prefix }: Names) => {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const letters = unknown.replace(/[^a-z]/gi, "").toLowerCase();
  const near = known.find((name) => name.toLowerCase() === letters);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new Error(`${prefix}${unknown}: no such ${kind}.${hint} There are ${known.join(", ")}`);
};

/**
 * @param settings - the names of all settings
 * @throws Error that names what is no setting, on the command line or at any level of `cdk.json`
 */
export const checkSettingNames = (context: Texts, settings: readonly string[]) => {
  const levels = Object(context.settings);
  checkNames({
    names: namesFromCommandLine(context),
    known: ["stage", ...settings],
    kind: "setting",
    prefix: "",
  });
  checkNames({
    names: Object.keys(levels),
    known: ["all", ...STAGES],
    kind: "stage",
    prefix: "settings.",
  });
  for (const [level, texts] of Object.entries(levels))
    checkNames({
      names: Object.keys(Object(texts)),
      known: settings,
      kind: "setting",
      prefix: `settings.${level}.`,
    });
};
