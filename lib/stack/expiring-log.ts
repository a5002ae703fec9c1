import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Settings } from "./settings.ts";

/** A log group that deletes old entries. It is deleted with its stack, unless the stack is in production. */
export class ExpiringLog extends LogGroup {
  constructor(scope: Construct, id: string, { stage, logRetentionDays }: Settings) {
    super(scope, id, {
      retention: logRetentionDays,
      removalPolicy: stage === "prod" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
