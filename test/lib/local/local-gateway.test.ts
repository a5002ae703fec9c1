import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { RouteHandler } from "../../../functions/http/route-chain.ts";
import type { GatewayOptions } from "../../../lib/local/local-gateway.ts";
import { sendOverHttp } from "../../support/send.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

let gateway: TestGateway;
let errors: unknown[];

const start = async (handler: RouteHandler, changes: Partial<GatewayOptions> = {}) => {
  errors = [];
  gateway = await startTestGateway(handler, { onError: (error) => errors.push(error), ...changes });
  return { port: gateway.port, send: sendOverHttp(gateway.url) };
};

afterEach(() => gateway.close());

test("makes a complete event of payload format 2.0", async () => {
  const events: APIGatewayProxyEventV2[] = [];
  const { port, send } = await start(async (event) => {
    events.push(event);
    return { statusCode: 204 };
  });
  await send({
    path: "/api/study-sessions?a=1&a=2&b=%20",
    headers: { "Content-Type": "application/json", Cookie: "x=1; y=2", "User-Agent": "test" },
    body: Buffer.from("語"),
  });
  expect(events).toEqual([
    {
      version: "2.0",
      routeKey: "POST /api/study-sessions",
      rawPath: "/api/study-sessions",
      rawQueryString: "a=1&a=2&b=%20",
      cookies: ["x=1", "y=2"],
      headers: {
        "content-length": "3",
        "content-type": "application/json",
        connection: "close",
        host: `127.0.0.1:${port}`,
        "user-agent": "test",
      },
      queryStringParameters: { a: "1,2", b: " " },
      requestContext: {
        accountId: "anonymous",
        apiId: "local",
        domainName: `127.0.0.1:${port}`,
        domainPrefix: "local",
        http: {
          method: "POST",
          path: "/api/study-sessions",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "test",
        },
        requestId: expect.any(String),
        routeKey: "POST /api/study-sessions",
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      body: "語",
      isBase64Encoded: false,
    },
  ]);
});

/** Sends these bytes as they are. */
const sendBytes = async (port: number, bytes: string) => {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
};

test("combines headers of the same name with commas, as the gateway does", async () => {
  const { port } = await start(async ({ headers, cookies }) => ({
    statusCode: 200,
    body: JSON.stringify([headers["content-type"], headers["idempotency-key"], headers.cookie, cookies]),
  }));
  const response = await sendBytes(
    port,
    "POST /api/study-sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n" +
      "Content-Type: application/json\r\nContent-Type: text/plain\r\n" +
      "Idempotency-Key: a\r\nIdempotency-Key: b\r\nCookie: x=1; y=2\r\nCookie: z=3\r\n\r\n",
  );
  expect(JSON.parse(response.split("\r\n\r\n")[1] ?? "")).toEqual([
    "application/json,text/plain",
    "a,b",
    null,
    ["x=1", "y=2", "z=3"],
  ]);
});

test("takes a target that names the server for its path", async () => {
  const { port } = await start(async ({ rawPath, rawQueryString }) => ({
    statusCode: 200,
    body: `${rawPath} ${rawQueryString}`,
  }));
  const response = await sendBytes(
    port,
    "POST http://localhost:5000/api/study-sessions?a=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      "Content-Length: 0\r\n\r\n",
  );
  expect(response).toMatch(/^HTTP\/1\.1 200 .*\/api\/study-sessions a=1$/s);
});

test.each([
  ["%31%30", "10"],
  ["a%20b?x=%31", "a b"],
  ["%E8%AA%9E", "語"],
  ["%", "%"],
  ["%zz1", "%zz1"],
])("decodes the path /api/study-sessions/%s as the gateway does", async (sent, id) => {
  const { send } = await start(async ({ routeKey, rawPath, pathParameters, requestContext }) => ({
    statusCode: 200,
    body: JSON.stringify([routeKey, rawPath, requestContext.http.path, pathParameters]),
  }));
  const path = `/api/study-sessions/${id}`;
  const { body } = await send({ method: "GET", path: `/api/study-sessions/${sent}`, headers: {} });
  expect(JSON.parse(body)).toEqual(["GET /api/study-sessions/{id}", path, path, { id }]);
});

test("hands over what is not UTF-8 in base64", async () => {
  const { send } = await start(async ({ body, isBase64Encoded }) => ({
    statusCode: 200,
    body: JSON.stringify({ body, isBase64Encoded }),
  }));
  const response = await send({ headers: {}, body: Buffer.from([0xff, 0xfe]) });
  expect(JSON.parse(response.body)).toEqual({ body: "//4=", isBase64Encoded: true });
});

test("refuses a body over 10 MB as the gateway does", async () => {
  const { send } = await start(async () => ({ statusCode: 204 }));
  expect(await send({ headers: {}, body: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({
    status: 413,
    body: '{"message":"Request Entity Too Large"}',
  });
});

test("responds for a handler that throws as the gateway does", async () => {
  const { send } = await start(async () => {
    throw new Error("secret");
  });
  expect(await send({ headers: {} })).toMatchObject({
    status: 500,
    body: '{"message":"Internal Server Error"}',
  });
  expect(errors).toEqual([new Error("secret")]);
});

const ORIGIN = "https://portal.example";

test.each([
  [404, { path: "/elsewhere", headers: {} }],
  [413, { headers: {}, body: Buffer.alloc(10 * 1024 * 1024 + 1) }],
  [500, { headers: {} }],
])("gives %s of its own with what caches and pages need to know", async (status, request) => {
  const { send } = await start(
    async () => {
      throw new Error("secret");
    },
    { allowedOrigins: [ORIGIN] },
  );
  expect(await send({ ...request, headers: { origin: ORIGIN } })).toMatchObject({
    status,
    headers: { "access-control-allow-origin": ORIGIN, vary: "Origin" },
  });
  const { headers } = await send({ ...request, headers: { origin: "https://evil.example" } });
  expect(headers).toMatchObject({ vary: "Origin" });
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});

describe("with a list of origins", () => {
  const changes = { allowedOrigins: [ORIGIN], host: "0.0.0.0", findPage: async () => undefined };
  const startListed = () => start(async () => ({ statusCode: 204 }), changes);

  test.each([
    "localhost",
    "LOCALHOST:5000",
    "127.0.0.1:80",
    "[::1]:5000",
    "0.0.0.0",
    "192.0.2.7:5000",
    "[2001:db8::7]",
  ])("serves the host %s", async (host) => {
    const { send } = await startListed();
    expect(await send({ headers: { host } })).toMatchObject({ status: 204 });
  });

  test.each([
    "evil.example",
    "localhost.evil.example:5000",
    "evil.example:127.0.0.1",
    "127.0.0.1.evil.example",
    "1",
  ])("refuses the host %j, which a page may have pointed at this machine", async (host) => {
    const { send } = await startListed();
    expect(await send({ headers: { host, origin: ORIGIN } })).toMatchObject({
      status: 403,
      headers: { vary: "Origin" },
      body: '{"message":"Unknown host name: call localhost, or set HOST to the name or address that you call"}',
    });
  });

  test("asks no page and no function for an unknown host", async () => {
    let asked = 0;
    const handler = async () => ({ statusCode: 200 + asked++ });
    const { send } = await start(handler, { ...changes, findPage: handler });
    await send({ headers: { host: "evil.example" } });
    expect(asked).toBe(0);
  });
});

test("serves any host where every origin is allowed", async () => {
  const { send } = await start(async () => ({ statusCode: 204 }));
  expect(await send({ headers: { host: "my-machine.example" } })).toMatchObject({ status: 204 });
});

test.each([
  ["a head", "POST /api/study-sessions HTTP/1.1\r\nHost: x\r\n"],
  ["a body", 'POST /api/study-sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"group_id"'],
  ["a chunk", "POST /api/study-sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"],
])("goes on after a connection that was cut in the middle of %s", async (_, sent) => {
  let invocations = 0;
  const { port, send } = await start(async () => {
    invocations++;
    return { statusCode: 204 };
  });
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(sent, () => socket.resetAndDestroy());
  await once(socket, "close");
  expect(await send({ headers: {} })).toMatchObject({ status: 204 });
  expect(invocations).toBe(1);
});

test("responds with 400 to what is not HTTP", async () => {
  const { port } = await start(async () => ({ statusCode: 204 }));
  const socket = connect(port, "127.0.0.1");
  socket.end("hello\r\n\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
});

test.each([
  ["a head", "POST /api/study-sessions HTTP/1.1\r\nHost: x\r\n"],
  ["a body", 'POST /api/study-sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"group_id"'],
])("ends although a client never finishes %s", async (_, sent) => {
  const { port, send } = await start(async () => ({ statusCode: 204 }));
  const socket = connect(port, "127.0.0.1");
  const closed = once(socket, "close");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(sent);
  await send({ headers: {} });
  await gateway.close();
  await closed;
});

test("completes the requests under way before it ends, and waits for nobody who is silent", async () => {
  const invoked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { port, send } = await start(async () => {
    invoked.resolve();
    await release.promise;
    return { statusCode: 204 };
  });
  const silent = connect(port, "127.0.0.1");
  await once(silent, "connect");
  const response = send({ headers: {} });
  await invoked.promise;
  const closed = gateway.close();
  release.resolve();
  expect(await response).toMatchObject({ status: 204 });
  await closed;
  silent.destroy();
});
