import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { createSession } from "./create-session.ts";

/** The least that does the job: nothing is checked, nothing is logged. */
export const handler = async ({ body = "" }: APIGatewayProxyEventV2) => {
  const session = await createSession(JSON.parse(body));
  return {
    statusCode: session ? 201 : 404,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(session ?? { error: "Not found" }),
  };
};
