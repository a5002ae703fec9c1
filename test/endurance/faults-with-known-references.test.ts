import { type Fault, REFERENCE_READS } from "../support/fault-scenarios.ts";
import { testPairs } from "./fault-pairs.ts";

const isRead = ({ call }: Fault) => call.startsWith("GetItem");
const isOfReference = ({ call }: Fault) => REFERENCE_READS.includes(call);

// The reads of references are left out, and the order of a pair makes no difference.
testPairs(
  (first, second) => {
    if (isRead(first) || isOfReference(second)) return undefined;
    return first.call === second.call ? [[first], [second]] : [[first, second]];
  },
  { knowsReferences: true },
);
