import { checkSettings, type Settings } from "../../lib/stack/settings/settings.ts";
import { STAGE_SETTINGS } from "../../lib/stack/settings/stage-settings.ts";

/** Makes the settings of a stage, some of them changed. */
export const createSettings = ({ stage = "prod", ...changes }: Partial<Settings> = {}) =>
  checkSettings(stage, { ...STAGE_SETTINGS[stage], ...changes });
