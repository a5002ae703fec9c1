import { type GatewayOptions, startLocalGateway } from "../../lib/local/local-gateway.ts";

/** Starts a gateway on a free port, which allows any origin and reports nothing unless `changes` say otherwise. */
export const startTestGateway = async (
  handler: GatewayOptions["handler"],
  changes: Partial<GatewayOptions> = {},
) => {
  const options = {
    allowedOrigins: ["*"],
    timeoutMs: 6000,
    onResponse: () => {},
    onError: () => {},
    port: 0,
  };
  const gateway = await startLocalGateway({ handler, ...options, ...changes });
  return { ...gateway, url: `http://127.0.0.1:${gateway.port}` };
};

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;
