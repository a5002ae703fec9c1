import { unescape as decode } from "node:querystring";

/**
 * Splits the target of a request into its query and its path, which is decoded as API Gateway decodes it before it looks
 * for a route. A client that talks to a proxy puts the server's URL in front of the path.
 */
export const parseTarget = (target = "/") => {
  const [path, query = ""] = target.replace(/^https?:\/\/[^/?]*/i, "").split(/\?(.*)/s);
  return { path: decode(path || "/"), query };
};
