import { ROUTES, type Route } from "../../functions/routes.ts";

export interface RouteMatch {
  readonly route: Route;
  /** The values of the parameters in the path, or undefined when the path has no parameters. */
  readonly pathParameters: Record<string, string> | undefined;
}

const matchPath = (route: Route, path: string): RouteMatch | undefined => {
  const pattern = route.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  const match = new RegExp(`^${pattern}$`).exec(path);
  return match ? { route, pathParameters: match.groups } : undefined;
};

/**
 * Finds the route of a request as the gateway does: a path without parameters wins. A preflight belongs to any route
 * with its path.
 * @returns undefined when there is none
 */
export const matchRoute = (
  method: string | undefined,
  path: string,
  routes: readonly Route[] = Object.values(ROUTES),
): RouteMatch | undefined => {
  const matches = routes
    .filter((route) => route.method === method || method === "OPTIONS")
    .map((route) => matchPath(route, path))
    .filter((match) => match !== undefined);
  return matches.find(({ pathParameters }) => !pathParameters) ?? matches[0];
};
