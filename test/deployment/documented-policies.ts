import * as v from "valibot";
import { findExamples } from "../support/documentation.ts";
import type { Account } from "./account.ts";
import { ACCOUNT, REGION } from "./emulator.ts";

const AccessKey = v.object({
  AccessKey: v.object({ AccessKeyId: v.string(), SecretAccessKey: v.string() }),
});

/** Finds the permissions in a section. A trust policy has a principal, and does not count. */
const findPolicies = (path: string, heading: string) =>
  findExamples(path, heading, "json").filter((policy) => !policy.includes('"Principal"'));

interface Place {
  readonly path: string;
  readonly heading: string;
  readonly table?: string;
}

/**
 * Creates a user that may do what the documentation says, and nothing else.
 * @returns the variables with the user's credentials
 */
export const createDocumentedUser = async (
  { run }: Account,
  name: string,
  { path, heading, table = "" }: Place,
) => {
  await run(`aws iam create-user --user-name ${name}`);
  for (const [index, policy] of findPolicies(path, heading).entries()) {
    const document = policy
      .replaceAll("<account>", ACCOUNT)
      .replaceAll("<region>", REGION)
      .replaceAll("<TableName>", table);
    await run(
      `aws iam put-user-policy --user-name ${name} --policy-name p${index} --policy-document "$POLICY"`,
      {
        POLICY: document,
      },
    );
  }
  const key = v.parse(AccessKey, JSON.parse(await run(`aws iam create-access-key --user-name ${name}`)));
  return {
    AWS_ACCESS_KEY_ID: key.AccessKey.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: key.AccessKey.SecretAccessKey,
  };
};
