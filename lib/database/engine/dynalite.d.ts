declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** The folder of the LevelDB store. If it is left out, the store is in memory. */
    readonly path?: string;
    /** How long a new table stays in the state CREATING, in milliseconds. */
    readonly createTableMs?: number;
    /** How long a deleted table stays in the state DELETING, in milliseconds. */
    readonly deleteTableMs?: number;
  }

  export default function dynalite(options?: Options): Server;
}
