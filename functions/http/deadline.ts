import { serviceBusy } from "../http-error.ts";

/** Far below the 30 s after which the gateway gives up. */
export const FUNCTION_TIMEOUT_SECONDS = 6;

/** Responds with 503 shortly before Lambda's timeout, and aborts whatever the handler still waits for. */
export const deadline = {
  timeoutEarlyInMillis: 500,
  timeoutEarlyResponse: () => {
    throw serviceBusy(new Error("The time of the function was over"));
  },
};
