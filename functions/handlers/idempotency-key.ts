import type {
  APIGatewayEventRequestContextJWTAuthorizer,
  APIGatewayEventRequestContextV2WithAuthorizer,
  APIGatewayProxyEventV2,
} from "aws-lambda";
import { readHeader } from "../http/request-header.ts";
import { HttpError } from "../http-error.ts";
import { ownerOfKey } from "../sessions/session-owner.ts";

/** Removes the one pair of double quotes that may enclose the key. */
const parseKey = (header: string) => {
  const key = /^".*"$/s.test(header) ? header.slice(1, -1) : header;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(400, "Idempotency-Key must be 1 to 255 visible ASCII characters");
};

type RequestContext = Partial<
  APIGatewayEventRequestContextV2WithAuthorizer<Partial<APIGatewayEventRequestContextJWTAuthorizer>>
>;

/** @returns the `sub` of the token that the gateway checked, or undefined without a token */
const readTokenSubject = ({ requestContext }: APIGatewayProxyEventV2) => {
  const { authorizer }: RequestContext = requestContext;
  return authorizer?.jwt?.claims?.sub?.toString();
};

/**
 * Reads the hash that stands for the idempotency key in the table and in the log. Where the gateway checks tokens, the
 * key belongs to its user: the same key of another user has another hash. No key contains a space, so the first space
 * in the hashed text always ends the key.
 * @returns undefined without a key
 * @throws HttpError 400 unless the key is 1 to 255 visible ASCII characters
 */
export const readKeyHash = (event: APIGatewayProxyEventV2) => {
  const header = readHeader(event, "idempotency-key");
  if (header === undefined) return undefined;
  const key = parseKey(header);
  const subject = readTokenSubject(event);
  return ownerOfKey(subject === undefined ? key : `${key} ${subject}`);
};
