import type middy from "@middy/core";
import jsonBodyParser from "@middy/http-json-body-parser";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { HttpError, invalidJson } from "../http-error.ts";
import { readHeader } from "./request-header.ts";

const MAX_BODY_BYTES = 16 * 1024;

/** The parser's own check allows no white space before the parameters, and not every case of the header's name. */
const JSON_MEDIA_TYPE = /^application\/([^\s;/]+\+)?json\s*(;|$)/i;

const decodeBase64 = (body: string) => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, "base64"));
  } catch (cause) {
    throw invalidJson(cause);
  }
};

const checkBody = (event: APIGatewayProxyEventV2) => {
  if (!JSON_MEDIA_TYPE.test(readHeader(event, "content-type") ?? "")) {
    throw new HttpError(415, "Content-Type must be application/json");
  }
  const { body = "", isBase64Encoded } = event;
  if (Buffer.byteLength(body, isBase64Encoded ? "base64" : "utf8") > MAX_BODY_BYTES) {
    throw new HttpError(413, "Request body is larger than 16 KB");
  }
  // An absent body becomes null, which has neither of the two members.
  event.body = (isBase64Encoded ? decodeBase64(body) : body) || "null";
  event.isBase64Encoded = false;
};

/** Replaces `event.body` with the parsed JSON, after checking its type, size and encoding. */
export const requestBody = (): middy.MiddlewareObj<APIGatewayProxyEventV2>[] => [
  { before: ({ event }) => checkBody(event) },
  jsonBodyParser<APIGatewayProxyEventV2>({ disableContentTypeCheck: true }),
];
