import { styleText } from "node:util";
import { readEnvironment } from "../functions/environment.ts";
import { ROUTE } from "../functions/http-api.ts";
import type { AnsweredRequest } from "../lib/local-gateway.ts";
import { startLocalService } from "../lib/local-service.ts";
import { readPort } from "../lib/port.ts";

const printRequest = ({ method, url, status, body, durationMs }: AnsweredRequest) => {
  const { id, error } = body ? JSON.parse(body) : {};
  const outcome = id === undefined ? (error ?? "") : `id ${id}`;
  console.log(`${method} ${url} ${status} ${outcome} (${durationMs.toFixed(1)} ms)`);
};

const start = async () => {
  const { PORT = "5000", DATA_DIR = ".data", AWS_ENDPOINT_URL_DYNAMODB: endpoint } = process.env;
  const service = await startLocalService({
    ...readEnvironment({ TABLE_NAME: "StudySessions", ...process.env }),
    port: readPort(PORT),
    dataDir: DATA_DIR,
    endpoint,
    onAnswer: printRequest,
    onError: console.error,
    writeLog: ({ cause }) => cause && console.error(cause),
  });
  const url = `http://localhost:${service.port}`;
  console.log(`
Study sessions at ${styleText("bold", url)}, kept in ${endpoint ?? DATA_DIR}. Ctrl-C ends it. Try:

  curl -X POST "${url}${ROUTE.path}" \\
       -H "Content-Type: application/json" \\
       -d '{"group_id": 1, "study_activity_id": 2}'
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => service.close());
};

start().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
