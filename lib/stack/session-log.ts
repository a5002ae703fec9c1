import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Settings } from "./settings.ts";

/** A log that forgets by itself, and that goes with its stack unless the stack is in production. */
export class SessionLog extends LogGroup {
  constructor(scope: Construct, id: string, { stage, logRetentionDays }: Settings) {
    super(scope, id, {
      retention: logRetentionDays,
      removalPolicy: stage === "prod" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
