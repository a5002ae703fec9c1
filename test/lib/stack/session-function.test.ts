import { describe, expect, test } from "@jest/globals";
import { FUNCTION, FUNCTIONS, findLogicalId, findResource, LOG, TABLE } from "../../support/find-resource.ts";
import { readTemplate } from "../../support/read-template.ts";

const template = readTemplate("prod");
const changed = readTemplate("changed");

test("there are two functions", () => {
  template.resourceCountIs(FUNCTION, FUNCTIONS.length);
  template.resourceCountIs(LOG, FUNCTIONS.length + 1);
});

test("the function that creates keeps its logical ids, so that no deployment replaces it", () => {
  expect(Object.keys(template.toJSON().Resources)).toEqual(
    expect.arrayContaining([
      "TableCD117FA1",
      "FunctionLogE54B7D7B",
      "FunctionRole8EE059BE",
      "FunctionCreateStudySessionD38D7B77",
    ]),
  );
});

describe.each(FUNCTIONS)("the function $id", ({ id, operations, variables }) => {
  test("times out before the gateway does, and is traced", () => {
    expect(findResource(template, FUNCTION, id)).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      MemorySize: 1024,
      Timeout: 6,
      TracingConfig: { Mode: "Active" },
    });
  });

  test("logs JSON to a log group of its own, which deletes old entries", () => {
    expect(findResource(template, FUNCTION, id).LoggingConfig).toEqual({
      LogFormat: "JSON",
      LogGroup: { Ref: expect.stringMatching(`^${id}Log`) },
    });
    expect(findResource(template, LOG, `${id}Log`).RetentionInDays).toBe(30);
    expect(findResource(changed, LOG, `${id}Log`).RetentionInDays).toBe(7);
  });

  test("gets its table and the allowed origins, and no local DynamoDB engine", () => {
    const Variables = {
      TABLE_NAME: { Ref: findLogicalId(template, TABLE) },
      ALLOWED_ORIGINS: "*",
      LOG_LEVEL: "INFO",
      ...variables,
    };
    expect(findResource(template, FUNCTION, id).Environment).toEqual({ Variables });
    expect(JSON.stringify(template.toJSON())).not.toContain("AWS_ENDPOINT_URL");
  });

  test(`may do nothing but ${operations.join(", ")} with one table, write one log and send traces`, () => {
    const table = { "Fn::GetAtt": [findLogicalId(template, TABLE), "Arn"] };
    const log = { "Fn::GetAtt": [expect.stringMatching(`^${id}Log`), "Arn"] };
    const { PolicyDocument, Roles } = findResource(template, "AWS::IAM::Policy", id);
    const role = { Ref: expect.stringMatching(`^${id}Role`) };
    expect(Roles).toEqual([role]);
    expect(findResource(template, FUNCTION, id).Role).toEqual({
      "Fn::GetAtt": [role.Ref, "Arn"],
    });
    const statements: unknown[] = PolicyDocument.Statement;
    expect(statements).toHaveLength(3);
    expect(statements).toEqual(
      expect.arrayContaining([
        {
          Effect: "Allow",
          Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: log,
        },
        {
          Effect: "Allow",
          Action: operations.map((operation) => `dynamodb:${operation}`),
          Resource: table,
        },
      ]),
    );
    expect(findResource(template, "AWS::IAM::Role", id)).not.toHaveProperty("ManagedPolicyArns");
  });

  test("shares the account's concurrency unless some is reserved", () => {
    expect(findResource(template, FUNCTION, id)).not.toHaveProperty("ReservedConcurrentExecutions");
  });
});

test("concurrency is reserved for creates alone, so that reads can't take it", () => {
  expect(findResource(changed, FUNCTION, "Function").ReservedConcurrentExecutions).toBe(25);
  expect(findResource(changed, FUNCTION, "Reader")).not.toHaveProperty("ReservedConcurrentExecutions");
});

test("the functions get what the settings say in their variables", () => {
  expect(findResource(changed, FUNCTION, "Function").Environment.Variables).toMatchObject({
    LOG_LEVEL: "WARN",
    ID_BLOCK_SIZE: "20",
    REFERENCE_CACHE_SECONDS: "0",
  });
  expect(findResource(changed, FUNCTION, "Reader").Environment.Variables).toMatchObject({
    LOG_LEVEL: "WARN",
  });
});
