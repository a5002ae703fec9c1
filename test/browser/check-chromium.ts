import { findChromium } from "./chromium.ts";

try {
  findChromium();
} catch (error) {
  console.error(error instanceof Error && error.message);
  process.exitCode = 1;
}
