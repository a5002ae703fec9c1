declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** The folder of the LevelDB store. If it is left out, the store is in memory. */
    readonly path?: string;
    /** A new table stays in the state CREATING for this many milliseconds. */
    readonly createTableMs?: number;
    /** A deleted table stays in the state DELETING for this many milliseconds. */
    readonly deleteTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
