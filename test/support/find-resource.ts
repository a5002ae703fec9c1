import { expect } from "@jest/globals";
import type { Template } from "aws-cdk-lib/assertions";

export const TABLE = "AWS::DynamoDB::Table";
export const FUNCTION = "AWS::Lambda::Function";
export const LOG = "AWS::Logs::LogGroup";
export const METRIC_FILTER = "AWS::Logs::MetricFilter";
export const API = "AWS::ApiGatewayV2::Api";
export const STAGE = "AWS::ApiGatewayV2::Stage";

/** Finds the properties of the one resource of a type whose logical id has this beginning. */
export const findResource = (template: Template, type: string, prefix: string) => {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};

/** Finds the logical id of the one resource of a type with these properties. */
export const findLogicalId = (template: Template, type: string, properties = {}) => {
  const [id, ...others] = Object.keys(template.findResources(type, { Properties: properties }));
  expect(others).toEqual([]);
  return id;
};

/** The differences between the functions. `id` is the beginning of their logical ids. */
export const FUNCTIONS = [
  {
    id: "Function",
    operations: ["GetItem", "PutItem", "UpdateItem"],
    variables: { ID_BLOCK_SIZE: "1", REFERENCE_CACHE_SECONDS: "60" },
  },
  { id: "Reader", operations: ["BatchGetItem", "GetItem"], variables: {} },
];
