import { expect, test } from "@jest/globals";
import { LOG, TABLE } from "../../support/find-resource.ts";
import { hasTerminationProtection, readTemplate } from "../../support/read-template.ts";

const template = readTemplate("prod");
const dev = readTemplate("dev");

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
  readTemplate("changed").hasResourceProperties(TABLE, {
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
  expect(hasTerminationProtection("prod")).toBe(true);
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
  expect(hasTerminationProtection("dev")).toBe(false);
});

test("the table of production is deleted with its stack when protection is off, and leaves a backup behind", () => {
  const unprotected = readTemplate("unprotected");
  unprotected.hasResource(TABLE, {
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: {
      DeletionProtectionEnabled: false,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
  expect(hasTerminationProtection("unprotected")).toBe(false);
  expect(JSON.stringify(unprotected.toJSON())).not.toContain("Retain");
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
