import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { putLoad } from "./load.ts";
import { interleave, median, quantile, type Row, type Table } from "./measure.ts";
import { startServer } from "./server-process.ts";

const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = [1, 8, 64];
const PYTHON = "/usr/bin/python3";

const hasFlask = () =>
  new Promise<boolean>((resolve) => {
    execFile(PYTHON, ["-c", "import flask, flask_cors"], (error) => resolve(error === null));
  });

const startOurs = (folder: string) =>
  startServer(
    process.execPath,
    () => ["bin/start.ts"],
    (port) => ({ PORT: String(port), DATA_DIR: join(folder, "ours"), NO_COLOR: "1" }),
  );

const startFlask = (folder: string) =>
  startServer(PYTHON, (port) => [
    join(import.meta.dirname, "competitors/flask-server.py"),
    String(port),
    join(folder, "flask.db"),
  ]);

const compare = async (
  urls: Readonly<Record<"ours" | "flask", string>>,
  connections: number,
  rounds: number,
) => {
  const loads = await interleave(
    {
      ours: () => putLoad(urls.ours, connections, SECONDS),
      flask: () => putLoad(urls.flask, connections, SECONDS),
    },
    rounds,
  );
  const rateOf = (name: keyof typeof loads) => median(loads[name].map((load) => load.sessionsPerSecond));
  return (["ours", "flask"] as const).map((server): Row => {
    const latencies = loads[server].flatMap((load) => load.latencies);
    return {
      server,
      connections,
      "sessions a second": rateOf(server),
      "ours / it": rateOf("ours") / rateOf(server),
      "p50 ms": median(latencies),
      "p99 ms": quantile(latencies, 0.99),
      errors: loads[server].reduce((sum, load) => sum + load.errors, 0),
    };
  });
};

/** `npm start` beside the same route in Flask and SQLite, each with its data in files. */
export const measureThroughput = async (rounds = ROUNDS): Promise<Table[]> => {
  const title = "Throughput";
  if (!(await hasFlask())) {
    const hint = "apt-get install python3-flask python3-flask-cors";
    return [{ title, rows: [], notes: [`Skipped: ${PYTHON} has no flask or no flask_cors (${hint}).`] }];
  }
  const folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  const servers: Awaited<ReturnType<typeof startServer>>[] = [];
  try {
    const ours = await startOurs(folder);
    servers.push(ours);
    const flask = await startFlask(folder);
    servers.push(flask);
    const rows: Row[] = [];
    for (const connections of CONNECTIONS) {
      rows.push(...(await compare({ ours: ours.url, flask: flask.url }, connections, rounds)));
    }
    const notes = [
      `${rounds} times ${SECONDS} s each, in turn, from this process. Sessions a second are the median of these times.`,
      "Flask's server closes its connections, so that its latency has a new one in it. It checks no reference.",
    ];
    return [{ title, rows, notes }];
  } finally {
    await Promise.all(servers.map(({ close }) => close()));
    await rm(folder, { recursive: true });
  }
};
