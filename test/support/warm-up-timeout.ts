import { jest } from "@jest/globals";

/** Lets a warm-up end only when its calls have ended, however slow the machine is. Holds for one test. */
export const disableWarmUpTimeout = () => {
  jest.spyOn(AbortSignal, "timeout").mockReturnValue(new AbortController().signal);
};
