import httpCors from "@middy/http-cors";
import { ROUTES } from "../routes.ts";
import { allowOrigin } from "./origins.ts";

/** The gateway answers preflights with this, and the function where there is no gateway that does. */
export const CORS = {
  methods: [...new Set(Object.values(ROUTES).map(({ method }) => method))].toSorted(),
  requestHeaders: ["content-type", "idempotency-key"],
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
