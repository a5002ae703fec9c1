import { readFile } from "node:fs/promises";
import { cpus } from "node:os";

const versionOf = async (name: string): Promise<string> =>
  JSON.parse(await readFile(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8"))
    .version;

/** Describes the machine and the versions that the figures depend on. */
export const describeMachine = async () => ({
  node: process.version,
  "@aws-sdk/client-dynamodb": await versionOf("@aws-sdk/client-dynamodb"),
  "@aws-sdk/lib-dynamodb": await versionOf("@aws-sdk/lib-dynamodb"),
  esbuild: await versionOf("esbuild"),
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? "unknown",
  cpus: cpus().length,
});
