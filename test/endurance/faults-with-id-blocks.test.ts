import type { Fault } from "../support/fault-scenarios.ts";
import { testPairs } from "./fault-pairs.ts";

const isOfCounter = ({ call }: Fault) => call === "UpdateItem counter";

// Blocks change the call for ids and nothing else.
testPairs(
  (first, second) => {
    if (!isOfCounter(first) && !isOfCounter(second)) return undefined;
    return first.call === second.call ? [[first], [second]] : [[first, second]];
  },
  { idBlockSize: 3 },
);
