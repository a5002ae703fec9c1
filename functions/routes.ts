/** The Lambda functions, by the ids of their constructs. */
export type FunctionName = "CreateStudySession";

export interface Route {
  readonly method: "GET" | "POST";
  /** As API Gateway writes it, with parameters in braces. */
  readonly path: `/${string}`;
  readonly servedBy: FunctionName;
}

const routes = {
  createStudySession: { method: "POST", path: "/api/study-sessions", servedBy: "CreateStudySession" },
} as const satisfies Readonly<Record<string, Route>>;

export type Operation = keyof typeof routes;

/** Every route. The stack, the gateway on this machine, CORS and the OpenAPI document are made from this list. */
export const ROUTES: Readonly<Record<Operation, Route>> = routes;

export const OPERATIONS = Object.keys(routes) as readonly Operation[];

/** What API Gateway calls a route in the events that it sends. */
export const routeKeyOf = ({ method, path }: Route) => `${method} ${path}`;

/** Events written by hand may lack the route key: they are meant to create a session. */
export const findOperation = (routeKey: string | undefined): Operation =>
  OPERATIONS.find((operation) => routeKeyOf(ROUTES[operation]) === routeKey) ?? "createStudySession";
