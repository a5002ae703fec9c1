import type { Reply } from "./simulated-table.ts";
import type { ProcessEvent } from "./store-process.ts";

/** The faults of a call. Without a reply, the SDK sends the call again. */
export interface Fault {
  readonly label: string;
  readonly isApplied?: boolean;
  readonly isDelayed?: boolean;
  readonly reply?: Reply;
}

const THROTTLED: Reply = {
  text: "throttled",
  error: Object.assign(new Error("throttled"), { name: "ThrottlingException" }),
};

const RESET: Reply = {
  text: "reset",
  error: Object.assign(new Error("reset"), { name: "TimeoutError", code: "ECONNRESET" }),
};

/** A read changes nothing. The store behaves the same, whatever the reason for the missing response. */
export const READ_FAULTS: readonly Fault[] = [
  { label: "is throttled", reply: THROTTLED },
  { label: "fails", reply: RESET },
];

export const WRITE_FAULTS: readonly Fault[] = [
  ...READ_FAULTS,
  { label: "is applied, but its response is lost", isApplied: true, reply: RESET },
  { label: "is applied, but its response is lost, and the SDK sends it again", isApplied: true },
  { label: "fails, but reaches the table later", isDelayed: true, reply: RESET },
  { label: "is delayed, and the SDK sends it again", isDelayed: true },
];

/** Checks whether the process noticed that something went wrong. */
export const isFault = (event: ProcessEvent) =>
  event.kind === "abort" || (event.kind === "reply" && [THROTTLED, RESET].includes(event.reply));
