import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { resourceOf } from "./resource-of.ts";
import type { Settings } from "./settings/settings.ts";
import { StudySessionsStack } from "./study-sessions-stack.ts";

interface Props {
  readonly settings: Settings;
  /** The URL of a DynamoDB engine, as the container of the function reaches it. */
  readonly endpoint: string;
  readonly tableName: string;
  readonly architecture: "arm64" | "x86_64";
}

/** The stack as SAM runs it on this machine. It is never deployed, because its functions use a local DynamoDB engine. */
export class LocalStack extends StudySessionsStack {
  constructor(scope: Construct, id: string, { settings, endpoint, tableName, architecture }: Props) {
    super(scope, id, settings);
    for (const { handler } of Object.values(this.functions)) {
      handler.addEnvironment("AWS_ENDPOINT_URL_DYNAMODB", endpoint);
      handler.addEnvironment("TABLE_NAME", tableName);
      const resource = resourceOf(handler, CfnFunction);
      resource.architectures = [architecture];
      // `sam local invoke` finds the function by this name. The logical id ends with a hash.
      resource.addMetadata("SamResourceId", handler.node.id);
    }
  }
}
