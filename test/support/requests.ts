import { VALID } from "./events.ts";
import type { Request } from "./send.ts";

/** Makes a valid request, with an idempotency key or without one. */
export const createRequest = (idempotencyKey?: string): Request => ({
  headers: {
    "content-type": "application/json",
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
  },
  body: JSON.stringify(VALID),
});
