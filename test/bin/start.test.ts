import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { pk } from "../../functions/sessions/item-keys.ts";
import { openEmbeddedDatabase, startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { connectToEngine } from "../../lib/database/local-table.ts";
import { storeBrokenTable } from "../support/broken-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { findListeningPorts } from "../support/listening-ports.ts";
import { LOOPBACKS } from "../support/loopbacks.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { runHere } from "../support/run-here.ts";
import { sendOverHttp } from "../support/send.ts";
import { startServiceProcess } from "../support/service-process.ts";

const REQUEST = { headers: { "content-type": "application/json" }, body: JSON.stringify(VALID) };

let dataDir: string;

const start = (variables: Readonly<Record<string, string>> = {}, ...args: string[]) =>
  startServiceProcess({ DATA_DIR: dataDir, ...variables }, ...args);

beforeEach(() => {
  dataDir = createFolder();
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "serves until %s, and goes on with the same data",
  async (signal) => {
    const first = start();
    expect(await sendOverHttp(await first.listening)(REQUEST)).toMatchObject({
      status: 201,
      body: expect.stringMatching(/^{"id":1,/),
    });
    first.kill(signal);
    const { code, output } = await first.exited;
    expect(code).toBe(0);
    expect(output).toMatch(/POST \/api\/study-sessions 201 id 1 \(\d+\.\d ms\)$/);

    const second = start();
    expect(await sendOverHttp(await second.listening)(REQUEST)).toMatchObject({
      status: 201,
      body: expect.stringMatching(/^{"id":2,/),
    });
  },
);

const testOnLinux = process.platform === "linux" ? test : test.skip;

testOnLinux("listens on one port alone, on both loopbacks", async () => {
  const { listening, pid } = start();
  const { hostname, port } = new URL(await listening);
  expect(hostname).toBe("localhost");
  expect(await findListeningPorts(pid)).toEqual(LOOPBACKS.map(() => Number(port)));
});

const WITH_LIST = { ALLOWED_ORIGINS: "https://portal.example" };

test("listens on HOST, and prints the URL", async () => {
  const printed = await start({ HOST: "127.0.0.2", ...WITH_LIST }).listening;
  expect(printed).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  expect(await sendOverHttp(printed)(REQUEST)).toMatchObject({ status: 201 });
});

const networkAddresses = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .filter(({ internal, family }) => !internal && family === "IPv4");

test("prints with HOST=0.0.0.0 the URLs that a phone on the same network can use", async () => {
  const { listening, printed, output } = start({ HOST: "0.0.0.0", ...WITH_LIST });
  const local = await listening;
  const { port } = new URL(local);
  expect(local).toBe(`http://127.0.0.1:${port}`);
  await printed(/^Groups:/);
  const urls = output.filter((line) => /^ {2}http:/.test(line)).map((line) => line.trim());
  expect(urls).toEqual(networkAddresses.map(({ address }) => `http://${address}:${port}`));
  for (const url of [local, ...urls]) expect(await sendOverHttp(url)(REQUEST)).toMatchObject({ status: 201 });
});

test("prints only the responses of its LOG_LEVEL", async () => {
  const { listening, kill, exited } = start({ LOG_LEVEL: "WARN" });
  const send = sendOverHttp(await listening);
  await send(REQUEST);
  await send({ ...REQUEST, body: "{}" });
  kill("SIGTERM");
  const { output } = await exited;
  expect(output).not.toContain("201");
  expect(output).toContain("400 Missing required fields");
});

test("prints no gap for a response without a body", async () => {
  const { listening, kill, exited } = start();
  await sendOverHttp(await listening)({ method: "OPTIONS", headers: {} });
  kill("SIGTERM");
  expect((await exited).output).toMatch(/OPTIONS \/api\/study-sessions 204 \(\d+\.\d ms\)$/m);
});

test("says that another program has the port, and how to choose another", async () => {
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const { code, output } = await start({ PORT: String(port) }).exited;
  server.close();
  expect(code).toBe(1);
  expect(output).toBe(
    `Another program uses port ${port} on 127.0.0.1. Choose another port with PORT, as in PORT=5001 npm start`,
  );
});

test("says that the folder is in use, and how to choose another", async () => {
  const engine = await openEmbeddedDatabase({ dataDir });
  runAtEnd(engine.close);
  const { code, output } = await start().exited;
  expect(code).toBe(1);
  expect(output).toBe(
    `Can't keep data in ${dataDir}: another process is using it. Choose another folder with DATA_DIR`,
  );
});

describe("started twice", () => {
  const message = (url: string) =>
    `study-sessions already runs at ${url}. End it first, or choose another PORT and DATA_DIR`;

  test("says where it runs already, also on a HOST and with a list of origins", async () => {
    const variables = { HOST: "127.0.0.1", ...WITH_LIST };
    const url = await start(variables).listening;
    const { code, output } = await start({ ...variables, PORT: new URL(url).port }).exited;
    expect({ code, output }).toEqual({ code: 1, output: message(url) });
  });

  test("says so with the same folder and another port", async () => {
    const url = await start().listening;
    expect(await start().exited).toMatchObject({ code: 1, output: message(url) });
  });

  test("says so with the same port and another folder", async () => {
    const url = await start().listening;
    const variables = { PORT: new URL(url).port, DATA_DIR: join(dataDir, "other") };
    expect(await start(variables).exited).toMatchObject({ code: 1, output: message(url) });
  });

  test("says nothing of a service that has ended without a word", async () => {
    const { listening, kill, exited } = start();
    await listening;
    kill("SIGKILL");
    await exited;
    const engine = await openEmbeddedDatabase({ dataDir });
    runAtEnd(engine.close);
    expect((await start().exited).output).toMatch(/^Can't keep data in .*another process is using it/);
  });
});

test("serves although nobody reads any more what it prints", async () => {
  const { listening, stopReading, kill, exited } = start();
  const send = sendOverHttp(await listening);
  stopReading();
  for (let count = 0; count < 3; count++) expect(await send(REQUEST)).toMatchObject({ status: 201 });
  kill("SIGTERM");
  expect(await exited).toMatchObject({ code: 0 });
});

describe("text from outside, which could control the terminal or add a line,", () => {
  const text = "\u001b]0;title\u0007\u009b31m\u202e\nGET / 200";
  const printable = "\\u001b]0;title\\u0007\\u009b31m\\u202e\\u000aGET / 200";

  test("is printed in the line of its request", async () => {
    const { listening, printed } = start();
    const path = `/api/study-sessions?${encodeURIComponent(text)}=1`;
    await sendOverHttp(await listening)({ method: "GET", path, headers: {} });
    expect(await printed(/ 400 /)).toContain(`${path} 400 Unknown parameter: ${printable} (`);
  });

  test("is printed in a name and in a cause", async () => {
    const engine = await startEmbeddedDatabase();
    runAtEnd(engine.close);
    const variables = { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint };
    await start(variables).listening;
    const client = connectToEngine(engine.endpoint);
    const documents = DynamoDBDocumentClient.from(client);
    for (const Item of [
      { pk: pk.group(1), id: 1, name: text },
      { pk: pk.studySession(1), id: 1, group_id: text, study_activity_id: 2, created_at: text },
    ]) {
      await documents.send(new PutCommand({ TableName: "StudySessions", Item }));
    }
    client.destroy();
    const { listening, printed, output } = start(variables);
    expect(await printed(/^Groups:/)).toBe(`Groups:            1 ${printable}, 2 Core Adjectives`);
    await sendOverHttp(await listening)({ method: "GET", path: "/api/study-sessions/1", headers: {} });
    await printed(/ 500 /);
    expect(output.join("\n")).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(output.filter((line) => line.startsWith("GET"))).toHaveLength(1);
  });
});

test("says that the folder is no folder", async () => {
  const DATA_DIR = join(dataDir, "file");
  await writeFile(DATA_DIR, "");
  const { code, output } = await start({ DATA_DIR }).exited;
  expect(code).toBe(1);
  expect(output).toMatch(/^Can't keep data in .*: EEXIST.* Choose another folder with DATA_DIR$/);
});

test("ends although a client never finishes its request", async () => {
  const { listening, kill, exited } = start();
  const { port } = new URL(await listening);
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write("POST /api/study-sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{");
  await sendOverHttp(await listening)(REQUEST);
  kill("SIGINT");
  expect(await exited).toMatchObject({ code: 0 });
});

test("ends with one line when the engine ends", async () => {
  await storeBrokenTable(dataDir, "StudySessions");
  const { code, output } = await start().exited;
  expect(code).toBe(1);
  expect(output).toMatch(/^The database engine failed: .*$/);
});

testOnLinux("refuses at once a folder that the system does not let it make", async () => {
  const { code, output } = await start({ DATA_DIR: "/proc/study-sessions/data" }).exited;
  expect(code).toBe(1);
  expect(output).toMatch(/^Can't keep data in \/proc\/.*ENOENT.*Choose another folder with DATA_DIR$/);
});

test.each([
  [{ HOST: "192.0.2.1" }, /^Can't listen on 192\.0\.2\.1: .*EADDRNOTAVAIL.*with HOST$/],
  [
    { AWS_ENDPOINT_URL_DYNAMODB: "http://localhost:1" },
    /^The database at http:\/\/localhost:1 can't be used: .*ECONNREFUSED/,
  ],
])("fails with %j in one line", async (variables, message) => {
  const { code, output } = await start(variables).exited;
  expect(code).toBe(1);
  expect(output).toMatch(message);
  expect(output).not.toContain("\n");
});

test("uses another engine, and creates its table there", async () => {
  const engine = await startEmbeddedDatabase();
  const { listening } = start({ AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint });
  expect(await sendOverHttp(await listening)(REQUEST)).toMatchObject({ status: 201 });
  await engine.close();
  expect(await sendOverHttp(await listening)(REQUEST)).toMatchObject({ status: 500 });
});

test.each([
  ["60", 201],
  ["0", 404],
])(
  "remembers a group for %s seconds, and so responds with %d when it is deleted",
  async (seconds, status) => {
    const engine = await startEmbeddedDatabase();
    const variables = { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint, REFERENCE_CACHE_SECONDS: seconds };
    const send = sendOverHttp(await start(variables).listening);
    expect(await send(REQUEST)).toMatchObject({ status: 201 });
    const client = DynamoDBDocumentClient.from(connectToEngine(engine.endpoint));
    await client.send(new DeleteCommand({ TableName: "StudySessions", Key: { pk: pk.group(1) } }));
    expect(await send(REQUEST)).toMatchObject({ status });
    client.destroy();
    await engine.close();
  },
);

test("prints where the page is, the groups and study activities, and a request to copy", async () => {
  const { listening, printed, output } = start();
  const url = await listening;
  await printed(/ -d /);
  expect(output.filter((line) => line !== "")).toEqual([
    `Study sessions at ${url}, kept in ${dataDir}. Ctrl-C ends it.`,
    "Groups:            1 Core Verbs, 2 Core Adjectives",
    "Study activities:  1 Typing Tutor, 2 Flashcards, 3 Sentence Constructor, 4 Listening Comprehension, " +
      "5 Adventure MUD",
    "Open the address above in a browser, or create a study session with:",
    `  curl -X POST "${url}/api/study-sessions" \\`,
    `       -H "Content-Type: application/json" \\`,
    `       -d '${REQUEST.body.replaceAll(/([:,])/g, "$1 ")}'`,
  ]);
  const response = await fetch(url);
  expect([response.status, response.url]).toEqual([200, `${url}/`]);
  expect(await response.text()).toContain("<title>Study sessions</title>");
});

test("prints the first groups of many", async () => {
  const engine = await startEmbeddedDatabase();
  runAtEnd(engine.close);
  const variables = { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint };
  await start(variables).listening;
  const client = connectToEngine(engine.endpoint);
  const documents = DynamoDBDocumentClient.from(client);
  for (let id = 3; id <= 14; id++) {
    const Item = { pk: pk.group(id), id, name: `Group of ${id}` };
    await documents.send(new PutCommand({ TableName: "StudySessions", Item }));
  }
  client.destroy();
  const printed = await start(variables).printed(/^Groups:/);
  expect(printed).toMatch(/^Groups: +1 Core Verbs, .*, 10 Group of 10, and 4 more$/);
});

test("serves although the groups can't be listed, and says so", async () => {
  const engine = await startEmbeddedDatabase();
  let count = 0;
  let lastCount = Number.POSITIVE_INFINITY;
  const proxy = await startFaultyProxy(engine.endpoint, () => (++count < lastCount ? "passed" : "dropped"));
  runAtEnd(engine.close);
  runAtEnd(proxy.close);
  const variables = { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint };
  await start(variables).printed(/^Groups:/);
  count = 0;
  await start(variables).printed(/^Groups:/);
  // The last request of a start on this table is the one for the names.
  [count, lastCount] = [0, count];
  const { listening, printed } = start(variables);
  await printed(/^The groups and study activities can't be listed: ./);
  expect((await fetch(await listening)).status).toBe(200);
});

test("prints what was read in few words, and leaves out what the page repeats by itself", async () => {
  const { listening, kill, exited } = start();
  const send = sendOverHttp(await listening);
  const list = { method: "GET", path: "/api/study-sessions" };
  await send(REQUEST);
  await send({ ...list, headers: {} });
  await send({ ...list, headers: { "x-poll": "true" } });
  await send({ ...list, path: "/api/study-sessions?limit=0", headers: { "x-poll": "true" } });
  await send({ ...list, path: "/api/study-sessions/1", headers: {} });
  kill("SIGTERM");
  const { output } = await exited;
  expect(output.split("\n").filter((line) => line.startsWith("GET"))).toEqual([
    expect.stringMatching(/^GET \/api\/study-sessions 200 1 study session \(/),
    expect.stringMatching(/^GET \/api\/study-sessions\?limit=0 400 limit must be/),
    expect.stringMatching(/^GET \/api\/study-sessions\/1 200 id 1 \(/),
  ]);
});

test("shows responses in the colours of their kinds where colours are wanted", async () => {
  const { listening, kill, exited } = start({ NO_COLOR: "", FORCE_COLOR: "1" });
  // The line that names the URL is coloured too.
  const send = sendOverHttp(stripVTControlCharacters(await listening));
  await send(REQUEST);
  await send({ ...REQUEST, body: "{}" });
  kill("SIGTERM");
  const { output } = await exited;
  expect(output).toContain("\u001b[32m201 id 1\u001b[39m");
  expect(output).toContain("\u001b[33m400 Missing required fields");
});

test.each([
  [{ ALLOWED_ORIGINS: "portal" }, [], /^ALLOWED_ORIGINS: "portal" is not an origin.*$/],
  [
    {},
    ["--port=5001"],
    /^Unknown option '--port': set the variable PORT, as in PORT=5001 npm start\n\nUsage: /,
  ],
])("refuses %j and %j as a wrong call", async (variables, args, message) => {
  const { code, output } = await start(variables, ...args).exited;
  expect(code).toBe(2);
  expect(output).toMatch(message);
});

test("explains itself when asked", async () => {
  const { code, stdout } = await runHere("bin/start.ts", {}, "--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm start/);
  expect(stdout).toMatch(/^ {2}REFERENCE_CACHE_SECONDS /m);
  expect(stdout).toMatch(/^ {2}LOG_LEVEL /m);
});
