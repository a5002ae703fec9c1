import { type FunctionName, type Operation, type OperationOf, ROUTES, routeKeyOf } from "../routes.ts";
import type { RouteHandler } from "./route-chain.ts";

/**
 * Hands each event to the handler of its route.
 * @param handlers - of all routes that a function serves. The first one gets events without a known route key, such as
 *   events written by hand
 */
export const serveRoutes = <Name extends FunctionName>(
  handlers: Readonly<Record<OperationOf<Name>, RouteHandler>>,
): RouteHandler => {
  const entries = Object.entries<RouteHandler>(handlers) as [Operation, RouteHandler][];
  const byRouteKey = new Map(entries.map(([operation, handler]) => [routeKeyOf(ROUTES[operation]), handler]));
  const [[, first]] = entries as [[Operation, RouteHandler]];
  return (event, context) => (byRouteKey.get(event.routeKey) ?? first)(event, context);
};
