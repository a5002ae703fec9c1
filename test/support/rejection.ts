import type { Request } from "./send.ts";

export interface Rejection {
  readonly name: string;
  readonly request: Request;
  readonly status: number;
  readonly error: string;
}

/** Makes rejections of requests, by their names, that all get the same error. */
export const rejections = (status: number, error: string, requests: Readonly<Record<string, Request>>) =>
  Object.entries(requests).map(([name, request]): Rejection => ({ name, request, status, error }));
