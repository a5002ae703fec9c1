import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import { MAX_PAGE_IDS } from "../../functions/sessions/session-page.ts";
import { Id, StudySession, StudySessionRequest } from "../../functions/sessions/study-session.ts";

/** Without a format, the generators for Java and C# give ids 32 bits. */
const asInt64: ConversionConfig["overrideAction"] = ({ valibotAction, jsonSchema }) =>
  valibotAction.type === "integer" ? { ...jsonSchema, type: "integer", format: "int64" } : undefined;

const convert = (schema: typeof Id | typeof StudySession | typeof StudySessionRequest) => {
  const config = { target: "draft-2020-12", overrideAction: asInt64 } as const;
  const { $schema: _, ...jsonSchema } = toJsonSchema(schema, config);
  return jsonSchema;
};

const textSchema = (member: string, description: string) => ({
  type: "object",
  description,
  required: [member],
  properties: { [member]: { type: "string" } },
});

const REQUEST = { group_id: 1, study_activity_id: 2 };
const SESSION = { id: 123, ...REQUEST, created_at: "2025-02-20T12:00:00.000Z" };

export const ref = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });

export const idSchema = convert(Id);

/** The schemas that operations refer to by name. */
export const schemas = {
  StudySessionRequest: {
    ...convert(StudySessionRequest),
    description: "The group that is studied, and the activity. Other members are ignored.",
    examples: [REQUEST],
  },
  StudySession: {
    ...convert(StudySession),
    description:
      "`created_at` is UTC, with milliseconds and `Z`. Ids rise from 1, are never used twice, and have gaps.",
    examples: [SESSION],
  },
  StudySessionPage: {
    type: "object",
    description:
      "The highest id comes first. A page may be short, or even empty, while `next` leads to more: only `null` ends the list.",
    required: ["study_sessions", "next"],
    properties: {
      study_sessions: {
        type: "array",
        maxItems: MAX_PAGE_IDS,
        items: { $ref: "#/components/schemas/StudySession" },
      },
      next: {
        type: ["string", "null"],
        format: "uri-reference",
        description: "The path and query of the next page.",
      },
    },
    examples: [{ study_sessions: [SESSION], next: "/api/study-sessions?limit=1&before=123" }],
  },
  Error: textSchema("error", "An error of the service."),
  Message: textSchema("message", "An error of the gateway, which did not call the service."),
};
