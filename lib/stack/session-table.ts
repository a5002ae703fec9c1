import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import type { Settings } from "./settings/settings.ts";

/** The stack's own table or another one. For TypeScript a Table is no ITable, because of their optional members. */
export type TableInUse = Table | ITable;

/** The table that stores everything, with one key. With protection the table outlives its stack. */
export class SessionTable extends Table {
  constructor(scope: Construct, id: string, settings: Settings) {
    const { stage, protection, maxReadUnits, maxWriteUnits } = settings;
    // Recovery stays on when the protection of production is off: AWS keeps a backup of the deleted table for 35 days.
    const pointInTimeRecoveryEnabled = stage === "prod";
    super(scope, id, {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      maxReadRequestUnits: maxReadUnits,
      maxWriteRequestUnits: maxWriteUnits,
      // The records of idempotency keys expire after 24 hours.
      timeToLiveAttribute: "expires_at",
      // Encryption with a key that AWS owns is always on. It costs nothing, and does not limit calls.
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled },
      deletionProtection: protection,
      // A rollback can't delete a protected table: RETAIN_ON_UPDATE_OR_DELETE would end it in ROLLBACK_FAILED.
      removalPolicy: protection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    if (pointInTimeRecoveryEnabled) return;
    Validations.of(this).acknowledge({
      id: "AwsSolutions-DDB3",
      reason: "A throw-away table: point-in-time recovery would leave a backup behind for 35 days",
    });
  }
}
