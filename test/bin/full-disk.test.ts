import { beforeEach, expect, test } from "@jest/globals";
import { createFolder } from "../support/create-folder.ts";
import { canFillDisk, fillDisk, freeDisk } from "../support/full-disk.ts";
import { createRequest } from "../support/requests.ts";
import { sendOverHttp } from "../support/send.ts";
import { startServiceProcess } from "../support/service-process.ts";

const testWithFullDisk = canFillDisk ? test : test.skip;

let dataDir: string;

beforeEach(() => {
  dataDir = createFolder();
});

const idOf = ({ body }: { readonly body: string }): number => JSON.parse(body).id;

testWithFullDisk(
  "responds with 500 while the disk is full, goes on afterwards, and loses nothing",
  async () => {
    const first = startServiceProcess({ DATA_DIR: dataDir });
    const send = sendOverHttp(await first.listening);
    expect(idOf(await send(createRequest()))).toBe(1);

    await fillDisk(first.pid);
    const responses = await Promise.all([1, 2, 3].map(() => send(createRequest())));
    responses.push(await send(createRequest()));
    for (const { status, body } of responses) {
      expect({ status, body }).toEqual({
        status: 500,
        body: '{"error":"Database error: the study session could not be saved"}',
      });
    }
    await freeDisk(first.pid);
    const again = await send(createRequest());
    expect(again).toMatchObject({ status: 201 });

    first.kill("SIGTERM");
    expect(await first.exited).toMatchObject({ code: 0 });
    const second = startServiceProcess({ DATA_DIR: dataDir });
    const after = await sendOverHttp(await second.listening)(createRequest());
    expect(idOf(after)).toBe(idOf(again) + 1);
  },
);
