import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** Every request pays for this loop: with Object.entries it would take three times as long. */
const removeNulls = <Members extends object>(members: Members) => {
  for (const name in members) {
    const value = members[name];
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
  Object.assign(event, { requestContext: { ...requestContext, http: {} } });
};
