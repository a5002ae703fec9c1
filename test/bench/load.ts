import { Agent } from "node:http";
import { createRequest } from "../support/requests.ts";
import { sendOverHttp } from "../support/send.ts";

export interface Load {
  /** The rate of requests that got 201. */
  readonly sessionsPerSecond: number;
  /** Milliseconds from asking for a connection to the end of the response, whatever its status. */
  readonly latencies: readonly number[];
  readonly errors: number;
}

/**
 * Lets as many clients as there are connections create sessions, each without a pause. A connection is kept as long
 * as the server keeps it; a server that closes them pays for a new one with each request.
 */
export const putLoad = async (url: string, connections: number, seconds: number): Promise<Load> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = sendOverHttp(url, agent);
  const request = createRequest();
  const latencies: number[] = [];
  let errors = 0;
  const startedAt = performance.now();
  const end = startedAt + seconds * 1000;
  const runClient = async () => {
    while (performance.now() < end) {
      const sentAt = performance.now();
      const status = await send(request).then(
        ({ status }) => status,
        () => undefined,
      );
      latencies.push(performance.now() - sentAt);
      if (status !== 201) errors++;
    }
  };
  await Promise.all(Array.from({ length: connections }, runClient));
  const elapsed = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { sessionsPerSecond: (latencies.length - errors) / elapsed, latencies, errors };
};
