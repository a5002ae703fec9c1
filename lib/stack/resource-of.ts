import type { Construct } from "constructs";

/**
 * Finds the CloudFormation resource that a construct makes, to set what the construct has no property for.
 * @throws Error when the construct makes a resource of another type, as it may after an update of the CDK
 */
export const resourceOf = <Resource>(
  construct: Construct,
  type: abstract new (...parameters: never[]) => Resource,
): Resource => {
  const resource = construct.node.defaultChild;
  if (resource instanceof type) return resource;
  throw new Error(`${construct.node.path} makes no ${type.name}`);
};
