import { expect, test } from "@jest/globals";
import { ROUTES, routeKeyOf } from "../../functions/routes.ts";

test("names a route as API Gateway does", () => {
  expect(routeKeyOf(ROUTES.createStudySession)).toBe("POST /api/study-sessions");
});
