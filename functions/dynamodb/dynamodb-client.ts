import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { closeSocketsAfterPause } from "./idle-sockets.ts";
import { createRetryStrategy } from "./retry-strategy.ts";

/** Waiting for a free socket counts as connecting, and the local server has many requests at a time. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };

/** Collects the bytes of a response. The SDK's own collector would load Node's web streams with the first response. */
const collectStream = (stream: Readable) =>
  new Promise<Uint8Array>((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream
      .on("data", (chunk) => chunks.push(chunk))
      .on("end", () => resolve(Buffer.concat(chunks)))
      .on("error", reject);
  });

interface Options
  extends Pick<DynamoDBClientConfig, "endpoint" | "region" | "credentials" | "requestHandler" | "signer"> {
  /** The timeout of each of the three attempts at a call, in milliseconds. */
  readonly attemptTimeoutMs?: number;
}

/**
 * Creates a client whose calls all end. With the SDK's defaults, a call would wait forever for a server that accepts
 * the connection and never responds. Endpoint, region and credentials come from the environment by default.
 * @param options - a custom `requestHandler` must enforce its own timeouts
 */
export const createDynamoDbClient = ({ attemptTimeoutMs = 1000, ...connection }: Options = {}) => {
  const httpAgent = new HttpAgent(AGENT_OPTIONS);
  const httpsAgent = new HttpsAgent(AGENT_OPTIONS);
  const client = new DynamoDBClient({
    retryStrategy: createRetryStrategy(),
    streamCollector: collectStream,
    requestHandler: {
      connectionTimeout: attemptTimeoutMs / 2,
      requestTimeout: attemptTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: attemptTimeoutMs,
      httpAgent,
      httpsAgent,
    },
    ...connection,
  });
  // The middleware copies the input and the output of each call for a logger, and there is none.
  client.middlewareStack.remove("loggerMiddleware");
  closeSocketsAfterPause(client, [httpAgent, httpsAgent]);
  return client;
};
