import { expect, test } from "@jest/globals";
import { LOG, TABLE } from "../../support/find-resource.ts";
import { synthesize } from "../../support/synthesize.ts";

const { stack, template } = synthesize();
const { stack: devStack, template: dev } = synthesize({ stage: "dev" });
const { template: limited } = synthesize({ maxReadUnits: 50, maxWriteUnits: 60 });

test("the table is on demand up to a maximum throughput, and expires idempotency records", () => {
  template.hasResourceProperties(TABLE, {
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    OnDemandThroughput: {
      MaxReadRequestUnits: 1300,
      MaxWriteRequestUnits: 200,
    },
    TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
  });
  limited.hasResourceProperties(TABLE, {
    OnDemandThroughput: { MaxReadRequestUnits: 50, MaxWriteRequestUnits: 60 },
  });
});

test("the table of production can't be deleted by mistake, and outlives its stack", () => {
  template.hasResource(TABLE, {
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
  expect(stack.terminationProtection).toBe(true);
});

test("the table of dev is deleted with its stack, and leaves no backup behind", () => {
  dev.hasResource(TABLE, {
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: {
      DeletionProtectionEnabled: false,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    },
  });
  expect(devStack.terminationProtection).toBe(false);
});

test("the table of production is deleted with its stack when protection is off, and leaves a backup behind", () => {
  const { stack: lifted, template } = synthesize({ protection: false });
  template.hasResource(TABLE, {
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: {
      DeletionProtectionEnabled: false,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
  expect(lifted.terminationProtection).toBe(false);
  expect(JSON.stringify(template.toJSON())).not.toContain("Retain");
});

test("a production stack keeps its table and its logs, and a failed first deployment leaves only the table behind", () => {
  const kept = Object.values(template.toJSON().Resources)
    .map(Object)
    .filter(({ DeletionPolicy = "Delete" }) => DeletionPolicy !== "Delete")
    .map(({ Type, DeletionPolicy, UpdateReplacePolicy }) => [Type, DeletionPolicy, UpdateReplacePolicy]);
  const log = [LOG, "RetainExceptOnCreate", "Retain"];
  expect(kept.toSorted()).toEqual([[TABLE, "Retain", "Retain"], log, log, log]);
  expect(JSON.stringify(dev.toJSON())).not.toContain("Retain");
});
