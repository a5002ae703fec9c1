const isOrigin = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.origin === text && ["http:", "https:"].includes(url.protocol) && !text.includes("*");
};

/**
 * Reads a comma-separated list of origins such as `https://portal.example,http://localhost:5173`, or `*` for
 * every origin.
 * @param setting - the name of the variable or option with the text, for the error
 * @throws Error that names the setting and the part that is not an origin
 */
export const parseAllowedOrigins = (text: string, setting: string): readonly string[] => {
  const origins = text.split(",").map((origin) => origin.trim());
  if (origins.length === 1 && origins[0] === "*") return origins;
  const invalid = origins.find((origin) => !isOrigin(origin));
  if (invalid === undefined) return origins;
  throw new Error(
    `${setting}: "${invalid}" is not an origin. Expected * alone, or a comma-separated list of ` +
      "scheme://host[:port], without a slash at the end",
  );
};

/** @returns the value of `Access-Control-Allow-Origin` for a request from `origin`, or null when it is not allowed */
export const allowOrigin = (allowedOrigins: readonly string[], origin = "") => {
  if (allowedOrigins.includes("*")) return "*";
  return allowedOrigins.includes(origin) ? origin : null;
};
