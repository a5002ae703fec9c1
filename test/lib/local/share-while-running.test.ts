import { expect, test } from "@jest/globals";
import { shareWhileRunning } from "../../../lib/local/share-while-running.ts";

test("calls share a run while it takes, and the next one runs anew", async () => {
  const runs: PromiseWithResolvers<string>[] = [];
  const read = shareWhileRunning(() => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  });
  const both = Promise.all([read(), read()]);
  expect(runs).toHaveLength(1);
  runs[0]?.resolve("first");
  expect(await both).toEqual(["first", "first"]);

  const failed = read();
  runs[1]?.reject(new Error("failed"));
  await expect(failed).rejects.toThrow("failed");

  const last = read();
  runs[2]?.resolve("last");
  expect(await last).toBe("last");
});
