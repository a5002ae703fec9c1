export { startSharedEngine as default } from "./shared-engine.ts";
