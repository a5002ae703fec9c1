import { expect, test } from "@jest/globals";
import { Construct, RootConstruct } from "constructs";
import { resourceOf } from "../../../lib/stack/resource-of.ts";

class CfnBucket extends Construct {}
class CfnFunction extends Construct {}

const root = new RootConstruct();
const log = new Construct(root, "Log");
new CfnBucket(log, "Resource");

test.each([
  ["Group", new Construct(root, "Group")],
  ["Log", log],
])("%s, which makes no function, ends the synthesis instead of dropping a property", (id, construct) => {
  expect(() => resourceOf(construct, CfnFunction)).toThrow(`${id} makes no CfnFunction`);
});
