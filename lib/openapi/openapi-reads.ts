import { DEFAULT_LIMIT } from "../../functions/handlers/page-query.ts";
import { MAX_PAGE_IDS } from "../../functions/sessions/session-page.ts";
import { errorResponses, successAnswer } from "./openapi-responses.ts";
import { idSchema } from "./openapi-schemas.ts";

const advice = "It is safe to try again";

export const readStudySession = {
  summary: "Read a study session",
  description: "A session can be read as soon as it was created.",
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
    200: successAnswer({ description: "The session", schema: "StudySession" }),
    ...errorResponses({
      refusals: {
        400: {
          description: "The id in the path is not an id",
          errors: { "not-an-id": "id must be a positive integer" },
        },
        404: {
          description: "There is no such session",
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
      description: "How many sessions a page has at most.",
      schema: { type: "integer", minimum: 1, maximum: MAX_PAGE_IDS, default: DEFAULT_LIMIT },
    },
    {
      name: "before",
      in: "query",
      description: "Only sessions with lower ids. Without it the list begins at the newest session.",
      schema: { ...idSchema, examples: [101] },
    },
  ],
  responses: {
    200: successAnswer({ description: "A page of sessions", schema: "StudySessionPage" }),
    ...errorResponses({
      refusals: {
        400: {
          description: "A parameter of the query is not as described, or there is no such parameter",
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
