import { parseWholeNumber } from "../../../functions/parse-integer.ts";

/** Turns the text of a setting into its value. @throws Error of one line that says what was expected */
export type Parse<T> = (text: string, setting: string) => T;

export const invalid = (setting: string, text: string, expected: string) =>
  new Error(`${setting}: "${text}" is not valid. Expected ${expected}`);

export const oneOf =
  <T extends string | number>(choices: readonly T[]): Parse<T> =>
  (text, setting) => {
    const choice = choices.find((value) => String(value) === text);
    if (choice !== undefined) return choice;
    throw invalid(setting, text, `one of ${choices.join(", ")}`);
  };

export const onOrOff: Parse<boolean> = (text, setting) => oneOf(["on", "off"])(text, setting) === "on";

export const wholeNumber =
  (min: number, max: number): Parse<number> =>
  (text, setting) => {
    const value = parseWholeNumber(text, { min, max });
    if (value !== undefined) return value;
    throw invalid(setting, text, `a whole number from ${min} to ${max}`);
  };

export const matching =
  (pattern: RegExp, expected: string): Parse<string> =>
  (text, setting) => {
    if (pattern.test(text)) return text;
    throw invalid(setting, text, expected);
  };

export const optional =
  <T>(parse: Parse<T>): Parse<T | undefined> =>
  (text, setting) =>
    text === "" ? undefined : parse(text, setting);
