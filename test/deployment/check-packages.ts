import { errorMessage } from "../../lib/error-message.ts";
import { checkPackages } from "./packages.ts";

try {
  checkPackages();
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
