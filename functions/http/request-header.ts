import type { APIGatewayProxyEventV2 } from "aws-lambda";

/**
 * Finds a header whatever the case of its name: the gateway sends lower case, sam local the case that the client wrote.
 * @param name - in lower case
 */
export const readHeader = ({ headers }: APIGatewayProxyEventV2, name: string): string | undefined =>
  headers?.[name] ?? Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
