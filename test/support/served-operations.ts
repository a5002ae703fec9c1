import type { RouteHandler } from "../../functions/http/route-chain.ts";
import { type FunctionName, OPERATIONS, ROUTES, routeKeyOf } from "../../functions/routes.ts";
import { createContext } from "../../lib/local/gateway-event.ts";
import { createEvent } from "./events.ts";

/** The methods of all routes, sorted. */
export const METHODS = [...new Set(OPERATIONS.map((operation) => ROUTES[operation].method))].toSorted();

export const operationsOf = (name: FunctionName) =>
  OPERATIONS.filter((operation) => ROUTES[operation].servedBy === name);

/** Finds the operations that a handler serves, by events that each route rejects before any call to the database. */
export const findServedOperations = async (handler: RouteHandler) => {
  const served = [];
  for (const operation of OPERATIONS) {
    const routeKey = routeKeyOf(ROUTES[operation]);
    const event = createEvent({ routeKey, headers: {}, queryStringParameters: { limit: "0" } });
    const { statusCode } = await handler(event, createContext(6000));
    if (statusCode !== 404) served.push(operation);
  }
  return served;
};
