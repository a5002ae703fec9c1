/** The two Lambda functions: `write-function.ts` and `read-function.ts`. */
export type FunctionName = "write" | "read";

export interface Route {
  readonly method: "GET" | "POST";
  /** As API Gateway writes it, with parameters in braces. */
  readonly path: `/${string}`;
  readonly servedBy: FunctionName;
}

const routes = {
  createStudySession: { method: "POST", path: "/api/study-sessions", servedBy: "write" },
  readStudySession: { method: "GET", path: "/api/study-sessions/{id}", servedBy: "read" },
  listStudySessions: { method: "GET", path: "/api/study-sessions", servedBy: "read" },
} as const satisfies Readonly<Record<string, Route>>;

export type Operation = keyof typeof routes;

/** The operations that a function serves. */
export type OperationOf<Name extends FunctionName> = {
  [Each in Operation]: (typeof routes)[Each]["servedBy"] extends Name ? Each : never;
}[Operation];

/** Every route. The stack, the gateway on this machine, CORS and the OpenAPI document are made from this list. */
export const ROUTES: Readonly<Record<Operation, Route>> = routes;

export const OPERATIONS = Object.keys(routes) as readonly Operation[];

/** What API Gateway calls a route in the events that it sends. */
export const routeKeyOf = ({ method, path }: Route) => `${method} ${path}`;
