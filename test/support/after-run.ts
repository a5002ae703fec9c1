import { closeSharedEngine } from "./shared-engine.ts";
import { closeSharedTemplates } from "./shared-templates.ts";

export default async () => {
  closeSharedTemplates();
  await closeSharedEngine();
};
