import { toPrintable } from "../../printable.ts";

interface Form {
  readonly names: readonly string[];
  /** The names of the columns for each member. The first one that a table has counts. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** A table without these members does not have the form. */
  readonly required: readonly string[];
}

const GROUPS: Form = {
  names: ["groups", "word_groups"],
  members: {
    id: ["id"],
    name: ["name", "group_name", "title"],
    words_count: ["words_count", "word_count"],
    deleted_at: ["deleted_at"],
  },
  // In many portals, a table word_groups links words with groups, and has no names.
  required: ["id", "name"],
};

const STUDY_ACTIVITIES: Form = {
  names: ["study_activities", "activities"],
  members: {
    id: ["id"],
    name: ["name", "activity_name", "title"],
    url: ["url", "launch_url"],
    preview_url: ["preview_url", "thumbnail_url"],
    deleted_at: ["deleted_at"],
  },
  required: ["id"],
};

const STUDY_SESSIONS: Form = {
  names: ["study_sessions", "sessions"],
  members: {
    id: ["id"],
    group_id: ["group_id", "word_group_id"],
    study_activity_id: ["study_activity_id", "activity_id"],
    // Stands in for study_activity_id in a file without a table of study activities.
    activity_name: ["activity_name", "activity_type"],
    created_at: ["created_at", "start_time", "started_at", "timestamp"],
    deleted_at: ["deleted_at"],
  },
  required: ["id", "group_id", "study_activity_id", "created_at"],
};

/** The names that portals give their tables and columns. docs/importing.md lists the same names. */
export const FORMS = { groups: GROUPS, study_activities: STUDY_ACTIVITIES, study_sessions: STUDY_SESSIONS };

export type Kind = keyof typeof FORMS;

export const KINDS = ["groups", "study_activities", "study_sessions"] as const satisfies readonly Kind[];

const simplify = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .replace(/ies$/, "y")
    .replace(/s$/, "");

/** Compares names without case, underscores and the plural: `StudyActivities` is `study_activity`. */
export const isSameName = (name: string, other: string) => simplify(name) === simplify(other);

/** The file's own tables and columns by what they stand for: `study_sessions` or `study_sessions.created_at`. */
export type NameMap = ReadonlyMap<string, string>;

const isMappable = (target: string) => {
  const [table, member, ...rest] = target.split(".");
  const kind = KINDS.find((kind) => kind === table);
  if (!kind || rest.length > 0) return false;
  return member === undefined || Object.hasOwn(FORMS[kind].members, member);
};

/**
 * Reads the values of the option `--map`.
 * @throws Error that says which value is wrong
 */
export const parseNameMap = (values: readonly string[]): NameMap =>
  new Map(
    values.map((value) => {
      const [target = "", ...name] = value.split("=");
      if (isMappable(target) && name.join("=") !== "") return [target, name.join("=")];
      const tables = KINDS.join(", ");
      throw new Error(
        `--map: "${toPrintable(value)}" maps nothing. Expected <table>=<name in the file> or ` +
          `<table>.<column>=<name in the file>, where <table> is one of ${tables}`,
      );
    }),
  );
