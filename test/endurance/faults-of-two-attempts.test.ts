import { testPairs } from "./fault-pairs.ts";

testPairs((first, second) => [[first], [second]]);
