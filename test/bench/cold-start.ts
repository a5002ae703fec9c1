import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTestTable } from "../support/test-table.ts";
import { startTlsEndpoint } from "../support/tls-endpoint.ts";
import { createBundles } from "./bundles.ts";
import { invokeFirst, type Phase, type Time, type Times } from "./first-invocation.ts";
import { interleave, median, type Row, type Table } from "./measure.ts";

const ROUNDS = 25;

/** Points the bundle to the engine, with credentials as Lambda would set them. */
const variablesFor = (tableName: string, endpoint: string, certificateFile: string) => ({
  TABLE_NAME: tableName,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  NODE_EXTRA_CA_CERTS: certificateFile,
  // Stands for the runtime's own SDK.
  NODE_PATH: join(import.meta.dirname, "../../node_modules"),
});

type Samples = Readonly<Record<string, readonly Times[]>>;

const toRow = (samples: Samples, bundle: string, phases: readonly Phase[], time: keyof Time): Row => {
  const medianOf = (name: string, phase: Phase) =>
    median((samples[name] ?? []).map((times) => times[phase][time]));
  const cells = phases.flatMap((phase) => [
    [`${phase}, ms`, medianOf(bundle, phase)],
    [`${phase}, it / bare`, medianOf(bundle, phase) / medianOf("bare", phase)],
  ]);
  return { bundle, ...Object.fromEntries(cells) };
};

const toRows = (samples: Samples, phases: readonly Phase[], time: keyof Time) =>
  Object.keys(samples).map((bundle) => toRow(samples, bundle, phases, time));

const measureBundles = async (
  bundles: Awaited<ReturnType<typeof createBundles>>,
  variables: ReturnType<typeof variablesFor>,
  rounds: number,
): Promise<Table[]> => {
  const entries = Object.entries(bundles);
  const samples = await interleave(
    Object.fromEntries(entries.map(([name, bundle]) => [name, () => invokeFirst(bundle, variables)])),
    rounds,
  );
  const slow = ["ours", "ours, no warm-up", "bare"] as const;
  const throttled = await interleave(
    Object.fromEntries(slow.map((name) => [name, () => invokeFirst(bundles[name], variables, 0.58)])),
    rounds,
  );
  const sizes = entries.map(([name, { bytes }]) => `${name} ${Math.round(bytes / 1000)} KB`).join(", ");
  const notes = [
    `${rounds} fresh processes each, in turn, over TLS, without Node's own start. ${sizes}.`,
    "cdk-default leaves the SDK outside: here it is loaded from node_modules, in Lambda from the runtime's own.",
  ];
  const phases = ["load", "first", "both"] as const;
  return [
    { title: "Cold start, by the clock", rows: toRows(samples, phases, "ms"), notes },
    {
      title: "Cold start, processor time of the main thread",
      rows: toRows(samples, phases, "cpuMs"),
      notes: ["The first request's time begins when the bundle is loaded, 2 ms before the request comes."],
    },
    {
      title: "First request with 0.58 of a processor, by the clock",
      rows: toRows(throttled, ["first"], "ms"),
      notes: ["1,024 MB buy this share. The process is stopped 8 of 19 ms once it has loaded its bundle."],
    },
  ];
};

/** Loads each bundle in fresh processes, where it serves one request with an engine on this machine. */
export const measureColdStart = async (rounds = ROUNDS): Promise<Table[]> => {
  const folder = await mkdtemp(join(tmpdir(), "study-sessions-"));
  const table = await openTestTable();
  const tls = await startTlsEndpoint(table.endpoint);
  const certificateFile = join(folder, "certificate.pem");
  try {
    await writeFile(certificateFile, tls.certificate);
    const bundles = await createBundles(folder);
    const variables = variablesFor(table.tableName, tls.endpoint, certificateFile);
    return await measureBundles(bundles, variables, rounds);
  } finally {
    await tls.close();
    await table.close();
    await rm(folder, { recursive: true });
  }
};
