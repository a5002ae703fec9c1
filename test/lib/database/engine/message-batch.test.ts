import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { createBatchPost } from "../../../../lib/database/engine/message-batch.ts";

test("posts the messages of one turn together, in their order", async () => {
  const batches: (readonly number[])[] = [];
  const post = createBatchPost<number>((batch) => batches.push(batch));
  post(1);
  await Promise.resolve();
  post(2);
  await nextTurn();
  post(3);
  await nextTurn();
  expect(batches).toEqual([[1, 2], [3]]);
});
