import { expect, test } from "@jest/globals";
import { keyHashOf, ownerOfKey, ownerOfRequest } from "../../../functions/sessions/session-owner.ts";

// printf %s key | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
const HASH_OF_KEY = "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM";

test("makes the owners that deployed tables have", () => {
  expect(ownerOfKey("key")).toBe(HASH_OF_KEY);
  expect(ownerOfRequest()).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
});

test("gives each request without a key an owner of its own", () => {
  expect(ownerOfRequest()).not.toBe(ownerOfRequest());
});

test("reads the hash of the key from the owner of its session alone", () => {
  expect(keyHashOf(HASH_OF_KEY)).toBe(HASH_OF_KEY);
  for (const owner of [ownerOfRequest(), `import#${HASH_OF_KEY}`, "", "test", undefined]) {
    expect(keyHashOf(owner)).toBeUndefined();
  }
});
