import type { APIGatewayProxyEventV2 } from "aws-lambda";

const removeNulls = (members: object) => {
  for (const [name, value] of Object.entries(members)) {
    if (value === null) Reflect.deleteProperty(members, name);
    else if (typeof value === "object") removeNulls(value);
  }
};

/**
 * Makes an event that did not come from API Gateway look as if it did. Emulators and people write null for what is
 * absent, or leave out the part of the context without which the CORS middleware fails.
 */
export const completeEvent = (event: APIGatewayProxyEventV2) => {
  removeNulls(event);
  const { requestContext } = event;
  if (requestContext?.http) return;
  Object.assign(event, { requestContext: { ...requestContext, http: { method: "" } } });
};
