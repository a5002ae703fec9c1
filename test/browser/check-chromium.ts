import { errorMessage } from "../../lib/error-message.ts";
import { findChromium } from "./chromium.ts";

try {
  findChromium();
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
