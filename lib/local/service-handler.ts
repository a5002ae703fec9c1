import { createStudySession } from "../../functions/handlers/create-study-session.ts";
import { listStudySessions } from "../../functions/handlers/list-study-sessions.ts";
import { readStudySession } from "../../functions/handlers/read-study-session.ts";
import type { ChainOptions } from "../../functions/http/route-chain.ts";
import { serveRoutes } from "../../functions/http/serve-routes.ts";
import type { FunctionName } from "../../functions/routes.ts";
import type { StudySessionReader } from "../../functions/sessions/study-session-reader.ts";
import type { StudySessionStore } from "../../functions/sessions/study-session-store.ts";

interface Dependencies extends ChainOptions {
  readonly store: StudySessionStore;
  readonly reader: StudySessionReader;
}

/** Creates one handler for the routes of all functions. */
export const createServiceHandler = (dependencies: Dependencies) =>
  serveRoutes<FunctionName>({
    createStudySession: createStudySession(dependencies),
    readStudySession: readStudySession(dependencies),
    listStudySessions: listStudySessions(dependencies),
  });
