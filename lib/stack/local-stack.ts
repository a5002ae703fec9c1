import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { resourceOf } from "./resource-of.ts";
import type { Settings } from "./settings/settings.ts";
import { StudySessionsStack } from "./study-sessions-stack.ts";

interface Props {
  readonly settings: Settings;
  /** Where the function, in its container, finds a DynamoDB engine. */
  readonly endpoint: string;
  readonly tableName: string;
  readonly architecture: "arm64" | "x86_64";
}

/** The stack as SAM runs it on this machine: never deployed, since its function asks another engine than AWS's. */
export class LocalStack extends StudySessionsStack {
  constructor(scope: Construct, id: string, { settings, endpoint, tableName, architecture }: Props) {
    super(scope, id, settings);
    for (const { handler } of Object.values(this.functions)) {
      handler.addEnvironment("AWS_ENDPOINT_URL_DYNAMODB", endpoint);
      handler.addEnvironment("TABLE_NAME", tableName);
      const resource = resourceOf(handler, CfnFunction);
      resource.architectures = [architecture];
      // The name by which `sam local invoke` knows the function. Its logical id ends with a hash.
      resource.addMetadata("SamResourceId", handler.node.id);
    }
  }
}
