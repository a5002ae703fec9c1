import { unescape as decode } from "node:querystring";

/**
 * The path, decoded as API Gateway does before it looks for a route, and the query of a request's target. A client that
 * speaks to a proxy names the server in front of them.
 */
export const parseTarget = (target = "/") => {
  const [path, query = ""] = target.replace(/^https?:\/\/[^/?]*/i, "").split(/\?(.*)/s);
  return { path: decode(path || "/"), query };
};
