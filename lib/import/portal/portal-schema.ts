import { addActivityViews, namesActivities } from "./activity-views.ts";
import { KINDS, type Kind } from "./portal-names.ts";
import { printName } from "./row-summary.ts";
import {
  type Candidate,
  findCandidates,
  isSameInSqlite,
  type PortalTable,
  type SchemaOptions,
} from "./table-candidates.ts";

export type PortalTables = Readonly<Record<Kind, PortalTable>>;

const readTableNames = ({ database }: SchemaOptions) =>
  database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*' ORDER BY 1",
    )
    .all()
    .map(({ name }) => String(name));

const fits = ({ faults }: Candidate) => faults.length === 0;

const countKinds = (candidates: readonly Candidate[]) => new Set(candidates.map(({ kind }) => kind)).size;

/**
 * An app gives all its tables the same prefix: so Django's `auth_group` is not taken for the portal's `api_group`.
 * @returns the tables of each prefix that all kinds have, or else of the prefix that most kinds have
 */
const selectByPrefix = (candidates: readonly Candidate[]) => {
  const prefixes = new Set(["", ...candidates.flatMap(({ prefix }) => prefix ?? [])]);
  const sets = [...prefixes].map((prefix) =>
    candidates.filter((candidate) => [prefix, undefined].includes(candidate.prefix)),
  );
  const complete = sets.filter((set) => countKinds(set.filter(fits)) === KINDS.length);
  const nearest = sets.toSorted((one, other) => countKinds(other) - countKinds(one)).slice(0, 1);
  const selected = (complete.length > 0 ? complete : nearest).flat();
  // A table is there once for each prefix.
  return [
    ...new Map(selected.map((candidate) => [`${candidate.kind} ${candidate.name}`, candidate])).values(),
  ];
};

/** Some portals have no table of study activities. */
const addActivities = ({ database }: SchemaOptions, candidates: readonly Candidate[]) => {
  const sessions = candidates.find(namesActivities);
  if (!sessions || candidates.some(({ kind }) => kind === "study_activities")) return candidates;
  return [...candidates.filter(({ kind }) => kind === "groups"), ...addActivityViews(database, sessions)];
};

/** @returns the only table that fits, or a line for each thing that is wrong */
const chooseTable = (kind: Kind, candidates: readonly Candidate[]): PortalTable | readonly string[] => {
  const ofKind = candidates.filter((candidate) => candidate.kind === kind);
  const [nearest] = ofKind.toSorted((one, other) => one.faults.length - other.faults.length);
  const [table, ...others] = ofKind.filter(fits);
  if (!table) return nearest?.faults ?? [`There is no table ${kind}`];
  if (others.length === 0) return table;
  const names = [table, ...others].map(({ name }) => printName(name)).join(", ");
  return [`Several tables fit ${kind}: ${names}. Choose one with --map ${kind}=<table>`];
};

/**
 * Finds the tables of the groups, study activities and study sessions, and their columns.
 * @param options.nameMap - goes before all names that the import knows
 * @throws Error with a line for each table and column that is missing, and for each kind that several tables fit
 */
export const findPortalTables = (options: SchemaOptions): PortalTables => {
  const names = readTableNames(options);
  const named = selectByPrefix(KINDS.flatMap((kind) => findCandidates(options, names, kind)));
  const candidates = addActivities(options, named);
  const faults: string[] = [];
  const find = (kind: Kind) => {
    const table = chooseTable(kind, candidates);
    if ("kind" in table) return table;
    faults.push(...table);
    return undefined;
  };
  const groups = find("groups");
  const study_activities = find("study_activities");
  const study_sessions = find("study_sessions");
  if (groups && study_activities && study_sessions) return { groups, study_activities, study_sessions };
  faults.push(
    `The tables are: ${names.map(printName).join(", ") || "none"}`,
    "Map other names by hand, in npm run import and npm run sync: --map study_sessions=<table>, --map study_sessions.created_at=<column>",
    "PORTAL_DB takes no --map: use npm start without it, and npm run sync -- <file> --map … --watch",
  );
  throw new Error(faults.join("\n"));
};

/** @returns a line for each table of which a name in the file is not the one that the service uses */
export const describeNames = (tables: PortalTables) =>
  Object.values(tables).flatMap(({ kind, name, columns }) => {
    const source = isSameInSqlite(name, kind) ? "" : ` from ${printName(name)}`;
    const standIns = [...columns]
      .filter(([member]) => member !== "activity_name")
      .map(([member, found]) => ({ member, found: found.map(printName).join(" or ") }))
      .filter(({ member, found }) => !isSameInSqlite(found, member))
      .map(({ member, found }) => `${found} for ${member}`);
    const others = standIns.length > 0 ? `, with ${standIns.join(", ")}` : "";
    return source || others ? [`Read ${kind}${source}${others}`] : [];
  });
