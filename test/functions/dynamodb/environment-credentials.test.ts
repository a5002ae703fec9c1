import { afterEach, expect, test } from "@jest/globals";
import { defaultProvider } from "../../../functions/dynamodb/environment-credentials.ts";

const inherited = process.env;

afterEach(() => {
  process.env = inherited;
});

const load = (variables: NodeJS.ProcessEnv) => {
  process.env = variables;
  return defaultProvider()();
};

const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

test("hands on the session token, without which Lambda's keys are worth nothing", async () => {
  expect(await load({ ...KEYS, AWS_SESSION_TOKEN: "token" })).toEqual({
    accessKeyId: "id",
    secretAccessKey: "secret",
    sessionToken: "token",
  });
});

test.each([{}, { AWS_SESSION_TOKEN: "" }])("leaves the token out where there is none: %j", async (token) => {
  const credentials = await load({ ...KEYS, ...token });
  expect(credentials).toStrictEqual({ accessKeyId: "id", secretAccessKey: "secret" });
});

test.each([
  {},
  { AWS_ACCESS_KEY_ID: "id" },
  { AWS_SECRET_ACCESS_KEY: "secret" },
  { ...KEYS, AWS_ACCESS_KEY_ID: "" },
])("names the variables when one of them is missing: %j", async (variables) => {
  await expect(load(variables)).rejects.toThrow(
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing: the function has no other credentials",
  );
});
