import * as v from "valibot";
import { toPrintable } from "../../printable.ts";

export const invalid = (setting: string, value: unknown, expected: string) =>
  new Error(
    value === undefined
      ? `${setting} is missing. Expected ${expected}`
      : `${setting}: ${JSON.stringify(value)} is not valid. Expected ${expected}`,
  );

/**
 * @param schema - an object whose members are settings, and whose messages say what is expected
 * @throws Error of one line about the first wrong setting
 */
export const parse = <Schema extends v.GenericSchema>(schema: Schema, value: unknown) => {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [{ path, input, message }] = result.issues;
  throw invalid(String(path?.[0]?.key), input, message);
};

/** @returns an error that names a setting which has the same letters, if there is one */
export const unknownSetting = (name: string, known: readonly string[], advice: string) => {
  const lettersOf = (text: string) => text.replace(/[^a-z]/gi, "").toLowerCase();
  const near = known.find((each) => lettersOf(each) === lettersOf(name));
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return new Error(`${toPrintable(name)}: no such setting.${hint} ${advice}`);
};
