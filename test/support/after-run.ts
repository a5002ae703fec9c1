export { closeSharedEngine as default } from "./shared-engine.ts";
