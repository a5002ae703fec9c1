import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { PYTHON } from "../support/flask.ts";
import { runAtEnd } from "../support/run-at-end.ts";

interface Options {
  /** The portal's SQLite file. It is made when it is missing. */
  readonly database: string;
  /** If it is left out, the portal takes a free port. */
  readonly port?: number;
  /** Lines of Python for the portal's module, such as another route. */
  readonly lines?: string;
}

interface Call {
  readonly method?: string;
  readonly body?: unknown;
}

/** The members of the portal's responses that tests read. A response has some of them. */
interface Body {
  readonly id: number;
  readonly items: readonly { readonly id: number }[];
  readonly reviews: number;
}

const send = async (url: string, { method = "GET", body }: Call) => {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await fetch(url, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const isJson = response.headers.get("content-type") === "application/json";
  return { status: response.status, body: (isJson ? await response.json() : {}) as Body };
};

const readSessions = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    return database.prepare("SELECT * FROM study_sessions ORDER BY id DESC").all();
  } finally {
    database.close();
  }
};

/**
 * Starts the portal's own server, and waits until it listens.
 * @throws Error with what the server printed when it ends by itself
 */
export const startPortalServer = async ({ database, port = 0, lines = "" }: Options) => {
  const program = `from portal import *\n${lines}\nserve()`;
  const child = spawn(PYTHON, ["-c", program], {
    env: {
      ...process.env,
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: "1",
      DATABASE: database,
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "close");
  const errors = text(child.stderr);
  const failed = exited.then(async () => {
    throw new Error(await errors);
  });
  failed.catch(() => {});
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), failed]);
  const url = String(line).replace("Portal at ", "");
  const close = async (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    await exited;
  };
  runAtEnd(close);
  return {
    url,
    port: Number(new URL(url).port),
    call: (path: string, options: Call = {}) => send(url + path, options),
    /** Reads the rows of all sessions, the newest first. */
    readSessions: () => readSessions(database),
    close,
  };
};

export type PortalServer = Awaited<ReturnType<typeof startPortalServer>>;
