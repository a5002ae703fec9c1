import { FAULTS, type FaultKind } from "./faults.ts";

/** A fault of one call of a create. */
export interface Fault {
  readonly call: string;
  readonly kind: FaultKind;
  /** If true, the SDK's next attempt at the call succeeds. */
  readonly once?: boolean;
  /** If true, a second request with the same key runs from beginning to end just before the fault. */
  readonly twin?: boolean;
}

/** The attempts of one client, each with its faults, before a last attempt without a fault. */
export interface Scenario {
  readonly hasKey: boolean;
  readonly attempts: readonly (readonly Fault[])[];
  /** Delayed requests reach the engine before the client's next attempt, or after its last one. */
  readonly delay: "until the next attempt" | "to the end";
}

/** A service that has cached the references makes none of these calls. */
export const REFERENCE_READS: readonly string[] = ["GetItem group", "GetItem study_activity"];
const WRITES = ["UpdateItem counter", "PutItem study_session"];

/** The calls of a create. Reads change nothing. */
export const CALLS = {
  unkeyed: { reads: REFERENCE_READS, writes: WRITES },
  keyed: {
    reads: [...REFERENCE_READS, "GetItem idempotency_key"],
    writes: [...WRITES, "PutItem idempotency_key"],
  },
} as const;

/** The calls of a read and of a list. */
export const READ_CALLS = {
  one: ["GetItem study_session"],
  page: ["GetItem counter", "BatchGetItem study_session"],
} as const;

/** The faults of a call that changes nothing, so that it does not matter whether the call reached the engine. */
export const READ_KINDS: readonly FaultKind[] = ["refused", "throttled", "hanging"];

export const ALL_KINDS = Object.keys(FAULTS) as FaultKind[];

const KINDS_ONCE: readonly FaultKind[] = ["refused", "throttled", "applied, response lost", "delayed"];

/** Combines these calls with each kind of fault. */
export const faultsOf = (calls: readonly string[], kinds: readonly FaultKind[]): readonly Fault[] =>
  calls.flatMap((call) =>
    kinds.flatMap((kind) => [
      { call, kind },
      ...(KINDS_ONCE.includes(kind) ? [{ call, kind, once: true }] : []),
    ]),
  );

export const nameFault = ({ call, kind, once }: Fault) => `${call}: ${kind}${once ? " once" : ""}`;

/** Makes the scenarios of these attempts: one, or two if a request is delayed, because it may arrive early or late. */
export const scenariosOf = (hasKey: boolean, attempts: Scenario["attempts"]): readonly Scenario[] => {
  const isDelayed = attempts.flat().some(({ kind }) => kind === "delayed");
  const early = { hasKey, attempts, delay: "until the next attempt" } as const;
  return isDelayed ? [early, { ...early, delay: "to the end" }] : [early];
};
