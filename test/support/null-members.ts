import type { APIGatewayProxyEventV2 } from "aws-lambda";
import fc from "fast-check";

const NAMES = ["body", "cookies", "headers", "pathParameters", "queryStringParameters", "requestContext"];

/** Makes events that have null in place of any members. Emulators and people make such events. */
export const withNulls = (event: APIGatewayProxyEventV2): fc.Arbitrary<APIGatewayProxyEventV2> =>
  fc.dictionary(fc.constantFrom(...NAMES), fc.constant(null)).map((nulls) => ({ ...event, ...nulls }));
