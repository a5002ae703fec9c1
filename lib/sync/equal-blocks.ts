import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { isThrottling } from "../../functions/dynamodb/database-call.ts";
import { pk } from "../../functions/sessions/item-keys.ts";
import { retryUntilDone } from "../import/retry-until-done.ts";
import { DIGEST_BYTES } from "./portal/portal-blocks.ts";
import type { ServiceTable } from "./service-table.ts";

/** An item holds at most 400 KB. The other blocks are compared at each start. */
const MAX_DIGESTS = 20_000;

const StoredBlocks = v.object({ digests: v.instance(Uint8Array) });

/** @returns the digests in hexadecimal digits */
const readDigests = async ({ client, tableName, keepPace }: ServiceTable) => {
  const command = new GetCommand({
    TableName: tableName,
    Key: { pk: pk.portalBlocks },
    ReturnConsumedCapacity: "TOTAL",
  });
  const { Item } = await keepPace(() => client.send(command));
  const { success, output } = v.safeParse(StoredBlocks, Item);
  const digits = success ? Buffer.from(output.digests).toString("hex") : "";
  return digits.match(new RegExp(`.{${DIGEST_BYTES * 2}}`, "g")) ?? [];
};

const writeDigests = ({ client, tableName }: ServiceTable, digests: readonly string[]) =>
  retryUntilDone<void>(async () => {
    const Item = { pk: pk.portalBlocks, digests: Buffer.from(digests.join(""), "hex") };
    try {
      await client.send(new PutCommand({ TableName: tableName, Item }));
      return { isDone: true, result: undefined };
    } catch (error) {
      if (isThrottling(error)) return { isDone: false, unwritten: 1 };
      throw error;
    }
  });

/**
 * Keeps in the table which blocks of the portal's sessions are equal to the table's sessions. The service never changes
 * a session: so such a block stays equal for as long as it has the same digest, whatever other commands store here.
 */
export const openEqualBlocks = async (service: ServiceTable) => {
  const stored = new Set(await readDigests(service));
  return {
    has: (digest: string) => stored.has(digest),
    /** Stores these blocks instead of all others. */
    replace: async (digests: readonly string[]) => {
      const kept = digests.slice(0, MAX_DIGESTS);
      const isChanged = kept.length !== stored.size || kept.some((digest) => !stored.has(digest));
      if (isChanged) await writeDigests(service, kept);
    },
  };
};
