import { styleText } from "node:util";
import type { ServedRequest } from "../lib/local/local-gateway.ts";
import { toPrintable } from "../lib/printable.ts";

const colorOf = (status: number) => {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
};

/** Summarises the body of a response in a few words. */
const summarise = (body: string): string => {
  const { id, study_sessions: sessions, error, message = "" } = body ? JSON.parse(body) : {};
  if (sessions) return `${sessions.length} study ${sessions.length === 1 ? "session" : "sessions"}`;
  return id === undefined ? (error ?? message) : `id ${id}`;
};

/** Formats a request with its response: `POST /api/study-sessions 201 id 1 (2.3 ms)`. */
export const formatRequest = ({ method, url, status, body, durationMs }: ServedRequest) => {
  const outcome = styleText(colorOf(status), `${status} ${toPrintable(summarise(body))}`);
  const duration = styleText("dim", `(${durationMs.toFixed(1)} ms)`);
  return `${method} ${toPrintable(url)} ${outcome} ${duration}`;
};
