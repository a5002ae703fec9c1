/** Control characters can move the cursor and start a line. Those for the direction of text can reorder a line. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

const escapeCharacter = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Makes a text from outside safe to print within a line: replaces its control characters with JSON escapes. */
export const toPrintable = (text: string) => text.replace(UNPRINTABLE, escapeCharacter);

/** Makes a text safe to print that may have several lines. */
export const toPrintableLines = (text: string) => text.split("\n").map(toPrintable).join("\n");
