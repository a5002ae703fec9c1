import { serviceBusy } from "../http-error.ts";

/** Far below the 30 s that the gateway waits. */
export const FUNCTION_TIMEOUT_SECONDS = 6;

/** The answer leaves before Lambda's timeout, and aborts the signal of what it did not wait for. */
export const deadline = {
  timeoutEarlyInMillis: 500,
  timeoutEarlyResponse: () => {
    throw serviceBusy(new Error("The time of the function was over"));
  },
};
