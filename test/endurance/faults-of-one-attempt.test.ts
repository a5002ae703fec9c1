import { testPairs } from "./fault-pairs.ts";

testPairs((first, second) => (first.call === second.call ? undefined : [[first, second]]));
