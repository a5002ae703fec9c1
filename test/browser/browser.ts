import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.ts";

export const INSECURE_HOST = "portal.test";

/** Starts a headless browser that asks nobody for anything by itself. */
export const startBrowser = () =>
  chromium.launch({
    executablePath: findChromium(),
    // Without the sandbox it runs as root too, as in containers.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // The same pages under a name that is not localhost, as a phone sees them: without HTTPS, parts of `crypto` are missing.
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
    ],
  });

/** Starts a server with one empty page: an origin of its own. */
export const startPortal = async () => {
  const server = createServer((_, response) =>
    response.setHeader("Content-Type", "text/html").end("<!doctype html><title>Portal</title>"),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
};
