import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

export const jsonResponse = (
  statusCode: number,
  value: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(value),
});
