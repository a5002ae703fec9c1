import type { Operation } from "../../functions/routes.ts";
import { preflightAnswers } from "./openapi-answers.ts";
import { createStudySession } from "./openapi-create.ts";
import { listStudySessions, readStudySession } from "./openapi-reads.ts";

/** A browser asks for permission before a request that is not a plain read. */
export const preflight = {
  operationId: "askForPermission",
  tags: ["Study sessions"],
  summary: "The preflight of browsers (CORS)",
  description: "Browsers send it by themselves before a page on another origin creates its first session.",
  security: [],
  responses: preflightAnswers,
};

/** OpenAPI's Operation Object of each route, without what all routes share. */
export const operations: Readonly<Record<Operation, object>> = {
  createStudySession,
  readStudySession,
  listStudySessions,
};
