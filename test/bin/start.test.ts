import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { pk } from "../../functions/sessions/item-keys.ts";
import { openEmbeddedDatabase, startEmbeddedDatabase } from "../../lib/database/engine/embedded-engine.ts";
import { connectToEngine, prepareTable } from "../../lib/database/local-table.ts";
import { recordUrl } from "../../lib/local/running-program.ts";
import { storeBrokenTable } from "../support/broken-table.ts";
import { createFolder } from "../support/create-folder.ts";
import { VALID } from "../support/events.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { findListeningPorts } from "../support/listening-ports.ts";
import { LOOPBACKS } from "../support/loopbacks.ts";
import { range } from "../support/range.ts";
import { runAtEnd } from "../support/run-at-end.ts";
import { runHere } from "../support/run-here.ts";
import { sendOverHttp } from "../support/send.ts";
import { startServiceProcess } from "../support/service-process.ts";
import { putItems, removeItem } from "../support/stored-sessions.ts";

const REQUEST = { headers: { "content-type": "application/json" }, body: JSON.stringify(VALID) };
const WITH_LIST = { ALLOWED_ORIGINS: "https://portal.example" };

let dataDir: string;

const start = (variables: Readonly<Record<string, string>> = {}) =>
  startServiceProcess({ DATA_DIR: dataDir, ...variables });

/** Runs a start that fails. Whether its process ends then, other tests show. */
const startHere = (variables: Readonly<Record<string, string>> = {}) =>
  runHere("bin/start.ts", { DATA_DIR: dataDir, PORT: "0", ...variables });

const failure = (stderr: unknown) => ({ code: 1, stdout: "", stderr });

beforeEach(() => {
  dataDir = createFolder();
});

const testOnLinux = process.platform === "linux" ? test : test.skip;

describe("a service", () => {
  const folder = createFolder();
  let service: ReturnType<typeof start>;
  let url: string;
  let greeting: readonly string[];

  beforeAll(async () => {
    service = start({ DATA_DIR: folder });
    url = await service.listening;
    // The lines of the requests come after the last line of the start.
    await service.printed(/ -d /);
    greeting = service.output.filter((line) => line !== "");
  });

  test("prints where the page is, the groups and study activities, and a request to copy", async () => {
    expect(greeting).toEqual([
      `Study sessions at ${url}, kept in ${folder}. Ctrl-C ends it.`,
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

  testOnLinux("listens on one port alone, on both loopbacks", async () => {
    const { hostname, port } = new URL(url);
    expect(hostname).toBe("localhost");
    expect(await findListeningPorts(service.pid)).toEqual(LOOPBACKS.map(() => Number(port)));
  });

  test("prints requests in few words, and leaves out what the page repeats by itself", async () => {
    const send = sendOverHttp(url);
    const path = "/api/study-sessions";
    const { body } = await send(REQUEST);
    const { id } = JSON.parse(body);
    await send({ method: "OPTIONS", headers: {} });
    await send({ method: "GET", headers: { "x-poll": "true" } });
    await send({ method: "GET", path: `${path}?limit=0`, headers: { "x-poll": "true" } });
    await send({ method: "GET", path: `${path}?limit=1`, headers: {} });
    await send({ method: "GET", path: `${path}/${id}`, headers: {} });
    await service.printed(/^GET .*\/\d+ 200/);
    const lines = service.output.slice(service.output.findIndex((line) => line.startsWith("POST")));
    expect(lines.map((line) => line.replace(/\d+\.\d ms/, "0.0 ms"))).toEqual([
      `POST ${path} 201 id ${id} (0.0 ms)`,
      `OPTIONS ${path} 204 (0.0 ms)`,
      expect.stringMatching(/^GET \S+\?limit=0 400 limit must be .* \(0\.0 ms\)$/),
      `GET ${path}?limit=1 200 1 study session (0.0 ms)`,
      `GET ${path}/${id} 200 id ${id} (0.0 ms)`,
    ]);
  });

  test("prints text from outside in the line of its request, where it can't control the terminal", async () => {
    const text = "\u001b]0;title\u0007\u009b31m\u202e\nGET / 200";
    const path = `/api/study-sessions?${encodeURIComponent(text)}=1`;
    await sendOverHttp(url)({ method: "GET", path, headers: {} });
    const printable = "\\u001b]0;title\\u0007\\u009b31m\\u202e\\u000aGET / 200";
    expect(await service.printed(/ Unknown parameter/)).toContain(
      `${path} 400 Unknown parameter: ${printable} (`,
    );
  });

  describe("that is started again", () => {
    const message = (place: string) =>
      `study-sessions already runs at ${place}. End it first, or choose another PORT and DATA_DIR\n`;

    test("says where it runs, with the same folder and another port", async () => {
      expect(await startHere({ DATA_DIR: folder })).toEqual(failure(message(url)));
    });

    test("says where it runs, with the same port and another folder, and ends", async () => {
      const { code, output } = await start({ PORT: new URL(url).port }).exited;
      expect({ code, output }).toEqual({ code: 1, output: message(url).trimEnd() });
    });
  });
});

test("serves until SIGINT although a client never finishes its request, and goes on until SIGTERM", async () => {
  const first = start({ HOST: "127.0.0.2", ...WITH_LIST, NO_COLOR: "", FORCE_COLOR: "1" });
  // Where colours are wanted, the line that names the URL is coloured too.
  const url = stripVTControlCharacters(await first.listening);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  const socket = connect(Number(new URL(url).port), "127.0.0.2");
  socket.on("error", () => {});
  socket.write("POST /api/study-sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{");
  const send = sendOverHttp(url);
  expect((await send(REQUEST)).body).toMatch(/^{"id":1,/);
  await send({ ...REQUEST, body: "{}" });
  first.kill("SIGINT");
  const { code, output } = await first.exited;
  expect(code).toBe(0);
  expect(output).toContain("\u001b[32m201 id 1\u001b[39m");
  expect(output).toContain("\u001b[33m400 Missing required fields");

  const second = start();
  const sendAgain = sendOverHttp(await second.listening);
  // Nobody reads any more what the service prints.
  second.stopReading();
  for (const id of [2, 3, 4]) expect(JSON.parse((await sendAgain(REQUEST)).body)).toMatchObject({ id });
  second.kill("SIGTERM");
  expect(await second.exited).toMatchObject({ code: 0 });
});

const networkAddresses = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .filter(({ internal, family }) => !internal && family === "IPv4");

describe("a service for the whole network, with a list of origins and LOG_LEVEL=WARN", () => {
  const variables = { DATA_DIR: createFolder(), HOST: "0.0.0.0", LOG_LEVEL: "WARN", ...WITH_LIST };
  let service: ReturnType<typeof start>;
  let url: string;

  beforeAll(async () => {
    service = start(variables);
    url = await service.listening;
  });

  test("prints the URLs that a phone can use", async () => {
    const { port } = new URL(url);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    await service.printed(/^Groups:/);
    const urls = service.output.filter((line) => /^ {2}http:/.test(line)).map((line) => line.trim());
    expect(urls).toEqual(networkAddresses.map(({ address }) => `http://${address}:${port}`));
    for (const each of [url, ...urls]) {
      expect(await sendOverHttp(each)(REQUEST)).toMatchObject({ status: 201 });
    }
  });

  test("prints only the responses of its LOG_LEVEL", async () => {
    await sendOverHttp(url)(REQUEST);
    await sendOverHttp(url)({ ...REQUEST, body: "{}" });
    await service.printed(/400 Missing required fields/);
    expect(service.output.join("\n")).not.toContain("201");
  });

  test("is found by a second start", async () => {
    const { stderr } = await startHere({ ...variables, PORT: new URL(url).port });
    expect(stderr).toMatch(`study-sessions already runs at ${url}. `);
  });
});

describe("a start fails in one line", () => {
  test("when another program has the port", async () => {
    const server = createServer((socket) => socket.destroy());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const result = await startHere({ PORT: String(port) });
    server.close();
    const advice = "Choose another port with PORT, as in PORT=5001 npm start";
    expect(result).toEqual(failure(`Another program uses port ${port} on 127.0.0.1. ${advice}\n`));
  });

  test("and ends, when the engine ends", async () => {
    await storeBrokenTable(dataDir, "StudySessions");
    expect(await start().exited).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^The database engine failed: .*$/),
    });
  });

  test("when the folder is in use, and says nothing of a service that has ended without a word", async () => {
    const engine = await openEmbeddedDatabase({ dataDir });
    runAtEnd(engine.close);
    await recordUrl(dataDir, "http://localhost:1");
    expect(await startHere()).toEqual(
      failure(
        `Can't keep data in ${dataDir}: another process is using it. Choose another folder with DATA_DIR\n`,
      ),
    );
  });

  test("when the folder is no folder", async () => {
    const DATA_DIR = join(dataDir, "file");
    await writeFile(DATA_DIR, "");
    expect(await startHere({ DATA_DIR })).toEqual(
      failure(
        expect.stringMatching(/^Can't keep data in .*: EEXIST.* Choose another folder with DATA_DIR\n$/),
      ),
    );
  });

  testOnLinux("when the system does not let it make the folder", async () => {
    expect(await startHere({ DATA_DIR: "/proc/study-sessions/data" })).toEqual(
      failure(
        expect.stringMatching(/^Can't keep data in \/proc\/.*ENOENT.*Choose another folder with DATA_DIR\n$/),
      ),
    );
  });

  test.each([
    [{ HOST: "192.0.2.1" }, /^Can't listen on 192\.0\.2\.1: .*EADDRNOTAVAIL.*with HOST\n$/],
    [
      { AWS_ENDPOINT_URL_DYNAMODB: "http://localhost:1" },
      /^The database at http:\/\/localhost:1 can't be used: .*ECONNREFUSED.*\n$/,
    ],
  ])("with %j", async (variables, message) => {
    expect(await startHere(variables)).toEqual(failure(expect.stringMatching(message)));
  });
});

describe("on another engine", () => {
  const openEngine = async () => {
    const { endpoint, close } = await startEmbeddedDatabase();
    const client = connectToEngine(endpoint);
    runAtEnd(close);
    runAtEnd(() => client.destroy());
    const table = { tableName: "StudySessions", client: DynamoDBDocumentClient.from(client), endpoint };
    return { client, table, endpoint };
  };

  test("a service creates its table, and serves although the groups can't be listed", async () => {
    const { table, endpoint } = await openEngine();
    let scans = 0;
    let isGone = false;
    const proxy = await startFaultyProxy(endpoint, (operation) => {
      // The first scan looks for samples.
      const isForNames = operation === "Scan" && ++scans > 1;
      return isForNames || isGone ? "dropped" : "passed";
    });
    runAtEnd(proxy.close);
    const { listening, printed } = start({ AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    const send = sendOverHttp(await listening);
    await printed(/^The groups and study activities can't be listed: ./);
    expect(await send(REQUEST)).toMatchObject({ status: 201 });
    await removeItem(table, pk.group(1));
    // The service remembers the group for a minute.
    expect(await send(REQUEST)).toMatchObject({ status: 201 });
    isGone = true;
    expect(await send(REQUEST)).toMatchObject({ status: 500 });
  });

  test("a service prints the first groups of many and causes of errors, where no text controls the terminal", async () => {
    const text = "\u001b]0;title\u0007\u009b31m\u202e\nGET / 200";
    const printable = "\\u001b]0;title\\u0007\\u009b31m\\u202e\\u000aGET / 200";
    const { client, table, endpoint } = await openEngine();
    await prepareTable(client, { ...table, place: endpoint });
    await putItems(table, [
      { pk: pk.group(1), id: 1, name: text },
      ...range(3, 14).map((id) => ({ pk: pk.group(id), id, name: `Group of ${id}` })),
      { pk: pk.studySession(1), id: 1, group_id: text, study_activity_id: 2, created_at: text },
    ]);
    const variables = { AWS_ENDPOINT_URL_DYNAMODB: endpoint, REFERENCE_CACHE_SECONDS: "0" };
    const { listening, printed, output } = start(variables);
    const groups = range(3, 10).map((id) => `${id} Group of ${id}`);
    expect(await printed(/^Groups:/)).toBe(
      `Groups:            1 ${printable}, 2 Core Adjectives, ${groups.join(", ")}, and 4 more`,
    );
    const send = sendOverHttp(await listening);
    await send({ method: "GET", path: "/api/study-sessions/1", headers: {} });
    await printed(/ 500 /);
    expect(output.join("\n")).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(output.filter((line) => line.startsWith("GET"))).toHaveLength(1);
    expect(await send(REQUEST)).toMatchObject({ status: 201 });
    await removeItem(table, pk.group(1));
    // The cache is off.
    expect(await send(REQUEST)).toMatchObject({ status: 404 });
  });
});
