import * as v from "valibot";
import type { Account } from "./account.ts";

const LISTS = [
  "cloudformation list-stacks --stack-status-filter CREATE_COMPLETE UPDATE_COMPLETE ROLLBACK_COMPLETE DELETE_FAILED --query StackSummaries[].StackName",
  "dynamodb list-tables --query TableNames",
  "lambda list-functions --query Functions[].FunctionName",
  "apigatewayv2 get-apis --query Items[].Name",
  "logs describe-log-groups --query logGroups[].logGroupName",
  "cloudwatch describe-alarms --query MetricAlarms[].AlarmName",
  "cloudwatch list-dashboards --query DashboardEntries[].DashboardName",
  "iam list-roles --query Roles[].RoleName",
];

const Names = v.array(v.string());

const isOfDev = (name: string) => /study-?sessions[- ]dev/i.test(name);

/** @returns the names of all stacks, tables, functions, APIs, logs, alarms, dashboards and roles of each stage */
export const findResources = async ({ run }: Account) => {
  const lists = await Promise.all(LISTS.map((list) => run(`aws ${list}`)));
  const names = lists
    .flatMap((list) => v.parse(Names, JSON.parse(list)))
    .filter((name) => /study-?sessions/i.test(name));
  return { dev: names.filter(isOfDev), prod: names.filter((name) => !isOfDev(name)) };
};
