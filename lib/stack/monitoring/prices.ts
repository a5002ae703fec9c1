/** AWS's list prices in US dollars, for us-east-1 in November 2026, without the free tier. */
export const DOLLARS = {
  /** Of the HTTP API. */
  millionRequests: 1,
  /** Of a Lambda function. */
  millionInvocations: 0.2,
  /** Of a Lambda function on arm64. */
  gigabyteSecond: 0.0000133334,
  millionReadUnits: 0.125,
  millionWriteUnits: 0.625,
  /** Of CloudWatch Logs, when it is written. */
  logGigabyte: 0.5,
} as const;
