import type { Readable } from "node:stream";

/**
 * Collects what a stream has. The SDK's own collector would load Node's web streams with the first answer.
 * @throws what the stream fails with
 */
export const collectStream = (stream: Readable) =>
  new Promise<Uint8Array>((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream
      .on("data", (chunk) => chunks.push(chunk))
      .on("end", () => resolve(Buffer.concat(chunks)))
      .on("error", reject);
  });
