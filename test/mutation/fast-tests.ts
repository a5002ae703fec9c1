// One file for all tests, because to load the SDK for each file would take most of a mutant's time.
import { afterAll } from "@jest/globals";
import { closeEngine } from "./one-engine.ts";

import "../contract.test.ts";
import "../functions/dynamodb/database-call.test.ts";
import "../functions/dynamodb/dynamodb-client.test.ts";
import "../functions/dynamodb/environment-credentials.test.ts";
import "../functions/dynamodb/idle-sockets.test.ts";
import "../functions/dynamodb/retry-strategy.unit.test.ts";
import "../functions/dynamodb/table-calls.test.ts";
import "../functions/environment.test.ts";
import "../functions/handlers/idempotency-key.test.ts";
import "../functions/handlers/page-query.test.ts";
import "../functions/http/complete-event.test.ts";
import "../functions/http/cors.test.ts";
import "../functions/http/deadline.test.ts";
import "../functions/http/error-responses.test.ts";
import "../functions/http/origins.test.ts";
import "../functions/http/request-body.test.ts";
import "../functions/http/request-header.test.ts";
import "../functions/http/request-log.test.ts";
import "../functions/http/serve-routes.test.ts";
import "../functions/parse-integer.test.ts";
import "../functions/read-function.faults.test.ts";
import "../functions/read-function.test.ts";
import "../functions/routes.test.ts";
import "../functions/sessions/id-source.test.ts";
import "../functions/sessions/key-claim.test.ts";
import "../functions/sessions/known-references.test.ts";
import "../functions/sessions/session-owner.test.ts";
import "../functions/sessions/session-page.test.ts";
import "../functions/sessions/session-write.test.ts";
import "../functions/sessions/stored-session.test.ts";
import "../functions/sessions/study-session-store.test.ts";
import "../functions/write-function.test.ts";

// Comes after the hooks of the tests, which delete their tables.
afterAll(closeEngine);
