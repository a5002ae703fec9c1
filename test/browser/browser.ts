import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.ts";

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
