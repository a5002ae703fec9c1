import type { Operation } from "../../functions/routes.ts";
import { createStudySession } from "./openapi-create.ts";
import { listStudySessions, readStudySession } from "./openapi-reads.ts";

/** OpenAPI's Operation Object of each route, without what all routes share. */
export const operations: Readonly<Record<Operation, object>> = {
  createStudySession,
  readStudySession,
  listStudySessions,
};
