import type { Stage, StageSettings } from "./settings.ts";

/** The settings that both stages share. `settings.ts` has the meaning, unit and range of each setting. */
const SHARED = {
  allowedOrigins: ["*"],
  idBlockSize: 1,
  referenceCacheSeconds: 60,
  logLevel: "INFO",
  logRetentionDays: 30,
} satisfies Partial<StageSettings>;

/** The settings of each stage. Optional ones, such as `alarmEmail`, are added where a stage needs them. */
export const STAGE_SETTINGS: Readonly<Record<Stage, StageSettings>> = {
  prod: {
    ...SHARED,
    protection: true,
    throttleRate: 20,
    throttleBurst: 40,
    listThrottleRate: 5,
    listThrottleBurst: 10,
    maxReadUnits: 1300,
    maxWriteUnits: 200,
  },
  // The bursts are large enough for the contract tests.
  dev: {
    ...SHARED,
    protection: false,
    throttleRate: 50,
    throttleBurst: 400,
    listThrottleRate: 10,
    listThrottleBurst: 100,
    maxReadUnits: 12_200,
    maxWriteUnits: 1200,
  },
};
