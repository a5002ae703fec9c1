/** The two Lambda functions: `write-function.ts` and `read-function.ts`. */
export type FunctionName = "write" | "read";

export interface Route {
  readonly method: "GET" | "POST";
  /** The path has API Gateway's form, with parameters in braces. */
  readonly path: `/${string}`;
  readonly servedBy: FunctionName;
}

/** Every route. The stack, the gateway on this machine, CORS and the OpenAPI document are made from this list. */
export const ROUTES = {
  createStudySession: { method: "POST", path: "/api/study-sessions", servedBy: "write" },
  readStudySession: { method: "GET", path: "/api/study-sessions/{id}", servedBy: "read" },
  listStudySessions: { method: "GET", path: "/api/study-sessions", servedBy: "read" },
} as const satisfies Readonly<Record<string, Route>>;

export type Operation = keyof typeof ROUTES;

export const OPERATIONS = Object.keys(ROUTES) as readonly Operation[];

/** Makes the route key by which API Gateway names a route in its events. */
export const routeKeyOf = ({ method, path }: Route) => `${method} ${path}`;
