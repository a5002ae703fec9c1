import { expect, test } from "@jest/globals";
import { Stack } from "aws-cdk-lib";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { resourceOf } from "../../../lib/stack/resource-of.ts";

const stack = new Stack();

test.each([
  ["Group", new Construct(stack, "Group")],
  ["Log", new LogGroup(stack, "Log")],
])("%s, which makes no function, ends the synthesis instead of dropping a property", (id, construct) => {
  expect(() => resourceOf(construct, CfnFunction)).toThrow(`${id} makes no CfnFunction`);
});
