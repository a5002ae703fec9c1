declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** The folder of the LevelDB store. If it is left out, the store is in memory. */
    readonly path?: string;
    /** How long a new table stays in the state CREATING, in milliseconds. */
    readonly createTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
