/** AWS's list prices in US dollars, for us-east-1 in November 2026, without the free tier. */
export const DOLLARS = {
  /** A million requests to the HTTP API. */
  millionRequests: 1,
  /** A million invocations of a Lambda function. */
  millionInvocations: 0.2,
  /** A second of a Lambda function on arm64 with 1 GB. */
  gigabyteSecond: 0.0000133334,
  millionReadUnits: 0.125,
  millionWriteUnits: 0.625,
  /** A gigabyte that is written to CloudWatch Logs. */
  logGigabyte: 0.5,
  /** A million traces that are written to X-Ray. */
  millionTraces: 5,
} as const;
