import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Settings } from "./settings/settings.ts";

/**
 * A log group that deletes old entries. With protection the log group outlives its stack, except when the deployment
 * that creates it fails: it is empty then, and the rollback deletes it.
 */
export class ExpiringLog extends LogGroup {
  constructor(scope: Construct, id: string, { protection, logRetentionDays }: Settings) {
    super(scope, id, {
      retention: logRetentionDays,
      removalPolicy: protection ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
  }
}
