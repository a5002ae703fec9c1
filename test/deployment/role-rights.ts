import * as v from "valibot";
import type { Account } from "./account.ts";

const Policies = v.object({ PolicyNames: v.tuple([v.string()]) });
const Policy = v.object({
  PolicyDocument: v.object({
    Version: v.string(),
    Statement: v.array(v.looseObject({ Action: v.union([v.string(), v.array(v.string())]) })),
  }),
});

/** The rights of a function's role, with a way to take one away. */
export const openRights = async ({ run }: Account, functionName: string) => {
  const read = async (query: string) => (await run(`aws ${query} --output text`)).trim();
  const arn = await read(`lambda get-function-configuration --function-name ${functionName} --query Role`);
  const role = arn.split("/").at(-1);
  const { PolicyNames } = v.parse(
    Policies,
    JSON.parse(await run(`aws iam list-role-policies --role-name ${role}`)),
  );
  const policy = `--role-name ${role} --policy-name ${PolicyNames[0]}`;
  const { PolicyDocument } = v.parse(Policy, JSON.parse(await run(`aws iam get-role-policy ${policy}`)));
  const put = (document: typeof PolicyDocument) =>
    run(`aws iam put-role-policy ${policy} --policy-document "$DOCUMENT"`, {
      DOCUMENT: JSON.stringify(document),
    });
  return {
    restore: () => put(PolicyDocument),
    takeAway: (action: string) =>
      put({
        ...PolicyDocument,
        Statement: PolicyDocument.Statement.map(({ Action, ...rest }) => ({
          ...rest,
          Action: [Action].flat().filter((allowed) => allowed !== action),
        })),
      }),
  };
};
