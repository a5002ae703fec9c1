import { createStudySessionRoute } from "../../functions/handlers/create-study-session.ts";
import { listStudySessionsRoute } from "../../functions/handlers/list-study-sessions.ts";
import { readStudySessionRoute } from "../../functions/handlers/read-study-session.ts";
import type { ChainOptions } from "../../functions/http/route-chain.ts";
import { serveRoutes } from "../../functions/http/serve-routes.ts";
import type { StudySessionReader } from "../../functions/sessions/study-session-reader.ts";
import type { StudySessionStore } from "../../functions/sessions/study-session-store.ts";

interface Dependencies extends ChainOptions {
  readonly store: StudySessionStore;
  readonly reader: StudySessionReader;
}

/** Creates one handler with the routes of all functions. */
export const createServiceHandler = ({ store, reader, ...options }: Dependencies) =>
  serveRoutes(
    [
      createStudySessionRoute(store, options),
      readStudySessionRoute(reader, options),
      listStudySessionsRoute(reader, options),
    ],
    options,
  );
