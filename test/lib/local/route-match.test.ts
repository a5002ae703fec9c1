import { expect, test } from "@jest/globals";
import type { Route } from "../../../functions/routes.ts";
import { matchRoute } from "../../../lib/local/route-match.ts";

const ONE: Route = { method: "GET", path: "/api/study-sessions/{id}", servedBy: "read" };
const COUNT: Route = { method: "GET", path: "/api/study-sessions/count", servedBy: "read" };

test.each([
  ["before", [COUNT, ONE]],
  ["after", [ONE, COUNT]],
])("a path without parameters wins when it is listed %s a path with parameters", (_, routes) => {
  expect(matchRoute("GET", COUNT.path, routes)).toEqual({ route: COUNT, pathParameters: undefined });
  expect(matchRoute("GET", "/api/study-sessions/7", routes)).toEqual({
    route: ONE,
    pathParameters: { id: "7" },
  });
});
