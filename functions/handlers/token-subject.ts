import type {
  APIGatewayEventRequestContextJWTAuthorizer,
  APIGatewayEventRequestContextV2WithAuthorizer,
  APIGatewayProxyEventV2,
} from "aws-lambda";

type RequestContext = Partial<
  APIGatewayEventRequestContextV2WithAuthorizer<Partial<APIGatewayEventRequestContextJWTAuthorizer>>
>;

/** @returns the `sub` of the token that the gateway checked, or undefined when there is none */
export const readTokenSubject = ({ requestContext }: APIGatewayProxyEventV2): string | undefined => {
  const { authorizer }: RequestContext = requestContext;
  return authorizer?.jwt?.claims?.sub?.toString();
};
