import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const respondWithError = (status: number, type: string) => (response: ServerResponse) =>
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(
    JSON.stringify({
      __type: `com.amazonaws.dynamodb.v20120810#${type}`,
      message: `arn:aws:dynamodb:eu-central-1:123456789012:table/secret: ${type}`,
    }),
  );

/** The ways in which a database may fail to respond, over real connections. */
export const MISBEHAVIOURS = {
  hangs: () => {},
  "stalls in the middle of a body": (response: ServerResponse) =>
    response
      .writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": "100" })
      .write("{"),
  "resets the connection": (response: ServerResponse) => response.socket?.resetAndDestroy(),
  "closes the connection": (response: ServerResponse) => response.socket?.destroy(),
  "responds with no JSON": (response: ServerResponse) => response.end("<html>"),
  "responds with 500": respondWithError(500, "InternalServerError"),
  "refuses access": respondWithError(400, "AccessDeniedException"),
  "has no such table": respondWithError(400, "ResourceNotFoundException"),
  "throttles the table": respondWithError(400, "ProvisionedThroughputExceededException"),
  "throttles the account": respondWithError(400, "RequestLimitExceeded"),
  throttles: respondWithError(400, "ThrottlingException"),
} as const;

export type Misbehaviour = keyof typeof MISBEHAVIOURS;

export const startMisbehavingDatabase = async (misbehave: (response: ServerResponse) => unknown) => {
  const server = createServer((request, response) => {
    request.resume().on("end", () => misbehave(response));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
};
