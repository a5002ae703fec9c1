import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FLASK_HINT, hasFlask, PYTHON } from "../support/flask.ts";
import { putLoad } from "./load.ts";
import { interleave, median, quantile, type Row, type Table } from "./measure.ts";
import { startServer } from "./server-process.ts";

const ROUNDS = 5;
const SECONDS = 1;
const WARM_UP_CONNECTIONS = 8;
const WARM_UP_SECONDS = 5;
const CONNECTIONS = [1, 8, 64];
const GUNICORN = "/usr/bin/gunicorn";
const COMPETITORS = join(import.meta.dirname, "competitors");

type Server = Awaited<ReturnType<typeof startServer>>;

const startOurs = (folder: string) =>
  startServer(
    process.execPath,
    () => ["bin/start.ts"],
    (port) => ({ PORT: String(port), DATA_DIR: join(folder, "ours"), NO_COLOR: "1" }),
  );

const startFlask = (folder: string) =>
  startServer(
    PYTHON,
    () => [join(COMPETITORS, "flask-server.py")],
    (port) => ({ PORT: String(port), DATABASE: join(folder, "flask.db") }),
  );

/** Starts gunicorn as a portal would: with two workers for two processors. */
const startGunicorn = (folder: string) =>
  startServer(
    GUNICORN,
    (port) => ["--workers=2", `--bind=127.0.0.1:${port}`, `--chdir=${COMPETITORS}`, "flask-server:app"],
    () => ({ DATABASE: join(folder, "gunicorn.db"), PYTHONDONTWRITEBYTECODE: "1" }),
  );

const compare = async (servers: Readonly<Record<string, Server>>, connections: number, rounds: number) => {
  const names = Object.keys(servers);
  const loads = await interleave(
    Object.fromEntries(
      Object.entries(servers).map(([name, { url }]) => [name, () => putLoad(url, connections, SECONDS)]),
    ),
    rounds,
  );
  const rateOf = (name: string) => median((loads[name] ?? []).map((load) => load.sessionsPerSecond));
  return names.map((server): Row => {
    const latencies = (loads[server] ?? []).flatMap((load) => load.latencies);
    return {
      server,
      connections,
      "sessions a second": rateOf(server),
      "ours / it": rateOf("ours") / rateOf(server),
      "p50 ms": median(latencies),
      "p99 ms": quantile(latencies, 0.99),
      errors: (loads[server] ?? []).reduce((sum, load) => sum + load.errors, 0),
    };
  });
};

const measureServers = async (servers: Readonly<Record<string, Server>>, rounds: number): Promise<Table> => {
  const rows: Row[] = [];
  for (const { url } of Object.values(servers)) await putLoad(url, WARM_UP_CONNECTIONS, WARM_UP_SECONDS);
  for (const connections of CONNECTIONS) rows.push(...(await compare(servers, connections, rounds)));
  const notes = [
    `${rounds} times ${SECONDS} s each, in turn, from this process. Sessions a second are the median of these times.`,
    `Each server gets ${WARM_UP_SECONDS} seconds of load first: Node compiles hot code while it runs, and doubles its rate within some thousand requests.`,
    "flask is Flask's development server, gunicorn the same application with two workers. Both close the connection after each response, so each request pays for a new one. They check no reference.",
  ];
  return { title: "Throughput", rows, notes };
};

/** Measures `npm start` beside the same route in Flask and SQLite. All keep their data in files. */
export const measureThroughput = async (rounds = ROUNDS): Promise<Table[]> => {
  if (!hasFlask() || !existsSync(GUNICORN)) {
    const note = `Skipped: flask, flask_cors or gunicorn is missing (${FLASK_HINT} gunicorn).`;
    return [{ title: "Throughput", rows: [], notes: [note] }];
  }
  const folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  const servers: Record<string, Server> = {};
  try {
    servers.ours = await startOurs(folder);
    servers.flask = await startFlask(folder);
    servers.gunicorn = await startGunicorn(folder);
    return [await measureServers(servers, rounds)];
  } finally {
    await Promise.all(Object.values(servers).map(({ close }) => close()));
    await rm(folder, { recursive: true });
  }
};
