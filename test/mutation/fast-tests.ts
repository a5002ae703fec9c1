// One file for all tests, because to load the SDK for each file would take most of a mutant's time.
import { afterAll } from "@jest/globals";
import { closeEngine } from "./one-engine.ts";

import "../functions/cors.test.ts";
import "../functions/deadline.test.ts";
import "../functions/dynamodb-client.test.ts";
import "../functions/dynamodb-table.test.ts";
import "../functions/environment.test.ts";
import "../functions/environment-credentials.test.ts";
import "../functions/error-answers.test.ts";
import "../functions/handler-in-process.test.ts";
import "../functions/id-source.test.ts";
import "../functions/idempotency-key.test.ts";
import "../functions/idle-sockets.test.ts";
import "../functions/item-batch-read.test.ts";
import "../functions/key-claim.test.ts";
import "../functions/known-references.test.ts";
import "../functions/origins.test.ts";
import "../functions/page-query.test.ts";
import "../functions/positive-integer.test.ts";
import "../functions/read-function.test.ts";
import "../functions/refused-id.test.ts";
import "../functions/request-body.test.ts";
import "../functions/request-log.test.ts";
import "../functions/retry-tokens.test.ts";
import "../functions/routes.test.ts";
import "../functions/serve-routes.test.ts";
import "../functions/session-page.test.ts";
import "../functions/single-faults-of-reading.test.ts";
import "../functions/stored-session.test.ts";
import "../functions/study-session-reader.test.ts";
import "../functions/study-session-store.test.ts";
import "../functions/whole-number.test.ts";
import "../contract.test.ts";

// Comes after the hooks of the tests, which delete their tables.
afterAll(closeEngine);
