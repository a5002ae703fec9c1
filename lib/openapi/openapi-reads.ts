import { DEFAULT_LIMIT } from "../../functions/handlers/page-query.ts";
import { MAX_PAGE_IDS } from "../../functions/sessions/session-page.ts";
import { errorResponses, successResponse } from "./openapi-responses.ts";
import { idSchema } from "./openapi-schemas.ts";

const advice = "It is safe to retry";

export const readStudySession = {
  summary: "Read a study session",
  description: "A session can be read as soon as it is created.",
  parameters: [
    {
      name: "id",
      in: "path",
      required: true,
      description: "The session's id, in decimal digits without a leading zero.",
      schema: { ...idSchema, examples: [123] },
    },
  ],
  responses: {
    200: successResponse({ description: "The session", schema: "StudySession" }),
    ...errorResponses({
      own: {
        400: {
          description: "The id in the path is not a positive integer",
          errors: { "not-an-id": "id must be a positive integer" },
        },
        404: {
          description: "The session does not exist",
          errors: { "unknown-session": "Study session not found" },
        },
      },
      databaseError: "Database error: the study session could not be read",
      advice,
    }),
  },
};

const limitFault = `limit must be an integer from 1 to ${MAX_PAGE_IDS}`;
const beforeFault = "before must be a positive integer";

export const listStudySessions = {
  summary: "List the newest study sessions",
  description:
    "Each page shows older sessions than the page before it. Follow `next` until it is `null`: a page may be short, " +
    "or even empty, while there is more.",
  parameters: [
    {
      name: "limit",
      in: "query",
      description: "The maximum number of sessions on a page.",
      schema: { type: "integer", minimum: 1, maximum: MAX_PAGE_IDS, default: DEFAULT_LIMIT },
    },
    {
      name: "before",
      in: "query",
      description: "Lists only sessions with lower ids. By default, the list begins at the newest session.",
      schema: { ...idSchema, examples: [101] },
    },
  ],
  responses: {
    200: successResponse({ description: "A page of sessions", schema: "StudySessionPage" }),
    ...errorResponses({
      own: {
        400: {
          description: "A query parameter is invalid or unknown",
          errors: {
            "not-a-limit": limitFault,
            "not-an-id": beforeFault,
            "neither-is-valid": `${limitFault}; ${beforeFault}`,
            "unknown-parameter": "Unknown parameter: group_id",
          },
        },
      },
      databaseError: "Database error: the study sessions could not be read",
      advice,
    }),
  },
};
