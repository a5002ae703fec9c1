import { expect, test } from "@jest/globals";
import {
  keyHashOf,
  ownerOfImport,
  ownerOfKey,
  ownerOfRequest,
} from "../../../functions/sessions/session-owner.ts";
import { sessionWithId } from "../../support/stored-sessions.ts";

// printf %s key | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
const HASH_OF_KEY = "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM";

test("makes the owners that deployed tables have", () => {
  expect(ownerOfKey("key")).toBe(HASH_OF_KEY);
  // The same command with the JSON of the session.
  expect(ownerOfImport(sessionWithId(1))).toBe("import#S-S0H-8Ju7t9aXBNAnfbKsEWTVOZpyZS5c5Ev3YYtF8");
  expect(ownerOfRequest()).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
});

test("gives each request without a key an owner of its own, and equal imports the same", () => {
  expect(ownerOfRequest()).not.toBe(ownerOfRequest());
  expect(ownerOfImport(sessionWithId(1))).not.toBe(ownerOfImport(sessionWithId(2)));
});

test("reads the hash of the key from the owner of its session alone", () => {
  expect(keyHashOf(HASH_OF_KEY)).toBe(HASH_OF_KEY);
  for (const owner of [ownerOfRequest(), ownerOfImport(sessionWithId(1)), "", "test", undefined]) {
    expect(keyHashOf(owner)).toBeUndefined();
  }
});
