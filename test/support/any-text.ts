import fc from "fast-check";

const codePoint = fc.oneof(
  fc.integer({ min: 0x20, max: 0x7e }),
  fc.nat(0xd7ff),
  fc.integer({ min: 0xe000, max: 0x10ffff }),
);

/** Makes texts of any characters, as fast-check's unit "binary" does after a second of preparation. */
export const anyText = fc.array(codePoint).map((points) => String.fromCodePoint(...points));
