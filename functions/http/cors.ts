import httpCors from "@middy/http-cors";
import { ROUTES } from "../routes.ts";
import { allowOrigin } from "./origins.ts";

/** API Gateway sends these values in response to preflights. Under `npm start`, the functions send them. */
export const CORS = {
  methods: [...new Set(Object.values(ROUTES).map(({ method }) => method))].toSorted(),
  // Without tokens too, so that a page that always sends one can call every deployment and `npm start`.
  requestHeaders: ["authorization", "content-type", "idempotency-key"],
  exposedHeaders: ["idempotent-replayed", "location", "retry-after"],
  maxAgeSeconds: 7200,
} as const;

export const cors = (allowedOrigins: readonly string[]) =>
  httpCors({
    disableBeforePreflightResponse: false,
    getOrigin: (origin) => allowOrigin(allowedOrigins, origin),
    methods: CORS.methods.join(),
    headers: CORS.requestHeaders.join(),
    exposeHeaders: CORS.exposedHeaders.join(),
    maxAge: CORS.maxAgeSeconds,
    ...(allowedOrigins.includes("*") ? {} : { vary: "Origin" }),
  });
