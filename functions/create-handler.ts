import { createStudySession } from "./create-study-session.ts";
import type { ChainOptions, RouteHandler } from "./route-chain.ts";
import { findOperation, type Operation } from "./routes.ts";
import type { StudySessionStore } from "./study-session-store.ts";

interface Dependencies extends ChainOptions {
  readonly store: StudySessionStore;
}

/** The whole function: hands each event to the handler of its route. */
export const createHandler = (dependencies: Dependencies): RouteHandler => {
  const handlers: Readonly<Record<Operation, RouteHandler>> = {
    createStudySession: createStudySession(dependencies),
  };
  return (event, context) => handlers[findOperation(event.routeKey)](event, context);
};
