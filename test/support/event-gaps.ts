import type { APIGatewayProxyEventV2 } from "aws-lambda";
import fc from "fast-check";

/** What emulators and people leave out of events, or write null for. */
const NAMES = [
  "body",
  "cookies",
  "headers",
  "pathParameters",
  "queryStringParameters",
  "requestContext",
  "version",
] as const;

/** Makes events that lack any members, or have null in their place. */
export const withGaps = (event: APIGatewayProxyEventV2): fc.Arbitrary<APIGatewayProxyEventV2> =>
  fc
    .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), isNull: fc.boolean() }), {
      selector: ({ name }) => name,
    })
    .map((gaps) => {
      const changed = { ...event };
      for (const { name, isNull } of gaps) {
        if (isNull) Object.assign(changed, { [name]: null });
        else Reflect.deleteProperty(changed, name);
      }
      return changed;
    });
