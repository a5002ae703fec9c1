import type { Operation } from "../../functions/routes.ts";
import { createAnswers, preflightAnswers } from "./openapi-answers.ts";

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Makes it safe to repeat the request for 24 hours: the same key with the same ids stands for one session. " +
    "Take a random one for each session, such as `crypto.randomUUID()` makes. Bare or in double quotes.",
  schema: { type: "string", pattern: '^(?!""$)([!-~]{1,255}|"[!-~]{1,255}")$' },
};

const createStudySession = {
  tags: ["Study sessions"],
  summary: "Create a study session",
  description: "Without an `Idempotency-Key` two equal requests are two sessions.",
  security: [{}, { token: [] }],
  parameters: [idempotencyKey],
  requestBody: {
    required: true,
    description: "At most 16 KB.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/StudySessionRequest" } } },
  },
  responses: createAnswers,
};

/** A browser asks for permission before a request that is not a plain read. */
export const preflight = {
  operationId: "askForPermission",
  tags: ["Study sessions"],
  summary: "The preflight of browsers (CORS)",
  description: "Browsers send it by themselves before a page on another origin creates its first session.",
  security: [],
  responses: preflightAnswers,
};

/** OpenAPI's Operation Object of each route. */
export const operations: Readonly<Record<Operation, object>> = { createStudySession };
