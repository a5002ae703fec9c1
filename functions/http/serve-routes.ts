import { HttpError } from "../http-error.ts";
import { type Route, routeKeyOf } from "../routes.ts";
import { completeEvent } from "./complete-event.ts";
import { type ChainOptions, type RouteHandler, routeChain } from "./route-chain.ts";

interface ServedRoute {
  readonly route: Route;
  readonly handler: RouteHandler;
}

/**
 * Creates a handler that passes each event to the handler of its route, and responds with 404 to unknown routes.
 * @param routes - the first one gets the events without a route key, such as events written by hand
 */
export const serveRoutes = (
  routes: readonly [ServedRoute, ...ServedRoute[]],
  options: ChainOptions,
): RouteHandler => {
  const [first] = routes;
  const handlers = new Map(routes.map(({ route, handler }) => [routeKeyOf(route), handler]));
  const handle = async () => {
    throw new HttpError(404, "Not found");
  };
  const notFound = routeChain({ ...options, handle });
  return (sent, context) => {
    // A call by hand may have no event at all.
    const event = sent ?? {};
    completeEvent(event);
    const handler = event.routeKey === undefined ? first.handler : handlers.get(event.routeKey);
    return (handler ?? notFound)(event, context);
  };
};
