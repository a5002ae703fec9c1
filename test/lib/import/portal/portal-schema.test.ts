import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { FORMS, parseNameMap } from "../../../../lib/import/portal/portal-names.ts";
import { createFolder } from "../../../support/create-folder.ts";
import { readDocumentation } from "../../../support/documentation.ts";
import { readPortalFile } from "../../../support/read-portal-file.ts";

const folder = createFolder();
let files = 0;

const read = (schema: string, ...map: string[]) =>
  readPortalFile({ file: join(folder, `${++files}.db`), schema }, parseNameMap(map));

const GROUP = { id: 1, name: "Verbs", words_count: 0 };
const ACTIVITY = { id: 2, name: "Tutor", url: "", preview_url: "" };
const SESSION = { id: 3, group_id: 1, study_activity_id: 2, created_at: "2025-02-20T12:00:00.000Z" };

const UPSTREAM = `
  CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT, words_count INTEGER DEFAULT 0);
  CREATE TABLE study_activities (id INTEGER PRIMARY KEY, name TEXT, url TEXT, preview_url TEXT);
  CREATE TABLE study_sessions (
    id INTEGER PRIMARY KEY, group_id INTEGER, study_activity_id INTEGER, created_at TIMESTAMP
  );
  CREATE TABLE word_groups (word_id INTEGER, group_id INTEGER);
  INSERT INTO groups VALUES (1, 'Verbs', 0);
  INSERT INTO study_activities VALUES (2, 'Tutor', NULL, NULL);
  INSERT INTO study_sessions VALUES (3, 1, 2, '2025-02-20 12:00:00');
`;

describe("takes what portals have", () => {
  test.each([
    ["the portal's own tables", UPSTREAM, [], {}],
    [
      "tables with more columns, and a start time",
      `
        CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE study_activities (
          id INTEGER PRIMARY KEY, name TEXT, description TEXT, type TEXT, url TEXT, thumbnail_url TEXT
        );
        CREATE TABLE study_sessions (
          id INTEGER PRIMARY KEY, group_id INTEGER, study_activity_id INTEGER, start_time DATETIME, end_time DATETIME
        );
        INSERT INTO groups VALUES (1, 'Verbs');
        INSERT INTO study_activities VALUES (2, 'Tutor', '', '', NULL, '/tutor.png');
        INSERT INTO study_sessions VALUES (3, 1, 2, '2025-02-20 12:00:00', NULL);
      `,
      [
        "Read study_activities, with thumbnail_url for preview_url",
        "Read study_sessions, with start_time for created_at",
      ],
      { study_activities: [{ ...ACTIVITY, preview_url: "/tutor.png" }] },
    ],
    [
      "activities without a name, as in the course's specification",
      `
        CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE study_activities (
          id INTEGER PRIMARY KEY, study_session_id INTEGER, group_id INTEGER, created_at DATETIME
        );
        CREATE TABLE study_sessions (
          id INTEGER PRIMARY KEY, group_id INTEGER, created_at DATETIME, study_activity_id INTEGER
        );
        CREATE TABLE words_groups (id INTEGER PRIMARY KEY, word_id INTEGER, group_id INTEGER);
        INSERT INTO groups VALUES (1, 'Verbs');
        INSERT INTO study_activities VALUES (2, 3, 1, '2025-02-20 12:00:00');
        INSERT INTO study_sessions VALUES (3, 1, '2025-02-20 12:00:00', 2);
      `,
      [],
      { study_activities: [{ ...ACTIVITY, name: "Study activity 2" }] },
    ],
    [
      "sessions and activities",
      `
        CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE activities (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE sessions (
          id INTEGER PRIMARY KEY, activity_id INTEGER, group_id INTEGER, start_time TEXT, end_time TEXT, score INTEGER
        );
        INSERT INTO groups VALUES (1, 'Verbs');
        INSERT INTO activities VALUES (2, 'Tutor');
        INSERT INTO sessions VALUES (3, 2, 1, '2025-02-20T12:00:00Z', NULL, 10);
      `,
      [
        "Read study_activities from activities",
        "Read study_sessions from sessions, with activity_id for study_activity_id, start_time for created_at",
      ],
      {},
    ],
    [
      "Django's tables beside those of Django",
      `
        CREATE TABLE auth_group (id INTEGER PRIMARY KEY, name VARCHAR(150));
        CREATE TABLE django_session (session_key VARCHAR(40) PRIMARY KEY, session_data TEXT, expire_date DATETIME);
        CREATE TABLE api_group (id INTEGER PRIMARY KEY, name VARCHAR(100));
        CREATE TABLE api_studyactivity (id INTEGER PRIMARY KEY, name VARCHAR(100), thumbnail_url VARCHAR(200));
        CREATE TABLE api_studysession (
          id INTEGER PRIMARY KEY, start_time DATETIME, end_time DATETIME, group_id BIGINT, study_activity_id BIGINT
        );
        CREATE TABLE api_group_words (id INTEGER PRIMARY KEY, group_id BIGINT, word_id BIGINT);
        INSERT INTO auth_group VALUES (1, 'Editors');
        INSERT INTO api_group VALUES (1, 'Verbs');
        INSERT INTO api_studyactivity VALUES (2, 'Tutor', '');
        INSERT INTO api_studysession VALUES (3, '2025-02-20 12:00:00', NULL, 1, 2);
      `,
      [
        "Read groups from api_group",
        "Read study_activities from api_studyactivity, with thumbnail_url for preview_url",
        "Read study_sessions from api_studysession, with start_time for created_at",
      ],
      {},
    ],
    [
      "Entity Framework's tables",
      `
        CREATE TABLE "Groups" ("Id" INTEGER PRIMARY KEY, "Name" TEXT);
        CREATE TABLE "StudyActivities" (
          "Id" INTEGER PRIMARY KEY, "StudySessionId" INTEGER, "GroupId" INTEGER, "CreatedAt" TEXT
        );
        CREATE TABLE "StudySessions" (
          "Id" INTEGER PRIMARY KEY, "GroupId" INTEGER, "CreatedAt" TEXT, "StudyActivityId" INTEGER
        );
        CREATE TABLE "WordGroups" ("WordId" INTEGER, "GroupId" INTEGER);
        INSERT INTO "Groups" VALUES (1, 'Verbs');
        INSERT INTO "StudyActivities" VALUES (2, 3, 1, '2025-02-20 12:00:00');
        INSERT INTO "StudySessions" VALUES (3, 1, '2025-02-20 12:00:00', 2);
      `,
      [
        "Read study_activities from StudyActivities",
        "Read study_sessions from StudySessions, with GroupId for group_id, StudyActivityId for study_activity_id, " +
          "CreatedAt for created_at",
      ],
      { study_activities: [{ ...ACTIVITY, name: "Study activity 2" }] },
    ],
    [
      "Sequelize's tables",
      `
        CREATE TABLE WordGroups (id INTEGER PRIMARY KEY, name VARCHAR(255), createdAt DATETIME, updatedAt DATETIME);
        CREATE TABLE StudyActivities (id INTEGER PRIMARY KEY, name VARCHAR(255), createdAt DATETIME);
        CREATE TABLE StudySessions (
          id INTEGER PRIMARY KEY, groupId INTEGER, studyActivityId INTEGER, startTime DATETIME,
          createdAt DATETIME, updatedAt DATETIME, deletedAt DATETIME
        );
        INSERT INTO WordGroups VALUES (1, 'Verbs', NULL, NULL);
        INSERT INTO StudyActivities VALUES (2, 'Tutor', NULL);
        INSERT INTO StudySessions VALUES (3, 1, 2, '2025-02-20 12:00:00.000 +00:00', NULL, NULL, NULL);
      `,
      [
        "Read groups from WordGroups",
        "Read study_activities from StudyActivities",
        "Read study_sessions from StudySessions, with groupId for group_id, studyActivityId for study_activity_id, " +
          "createdAt or startTime for created_at, deletedAt for deleted_at",
      ],
      {},
    ],
    [
      "sessions that name their activity",
      `
        CREATE TABLE "group" (id INTEGER PRIMARY KEY, name VARCHAR);
        CREATE TABLE study_session (
          id INTEGER PRIMARY KEY, group_id INTEGER, activity_type VARCHAR, start_time DATETIME, score FLOAT
        );
        INSERT INTO "group" VALUES (1, 'Verbs');
        INSERT INTO study_session VALUES
          (3, 1, 'typing', '2025-02-20 12:00:00', 1), (4, 1, 'flashcards', '2025-02-20 12:00:00', 1),
          (5, 1, 'typing', '2025-02-20 12:00:00', 1), (6, 1, NULL, '2025-02-20 12:00:00', 1);
      `,
      [
        "Read groups from group",
        "Read study_sessions from study_session, with start_time for created_at, activity_type for study_activity_id",
      ],
      {
        study_activities: [
          { id: 1, name: "typing", url: "", preview_url: "" },
          { id: 2, name: "flashcards", url: "", preview_url: "" },
        ],
        study_sessions: [
          { ...SESSION, study_activity_id: 1 },
          { ...SESSION, id: 4 },
          { ...SESSION, id: 5, study_activity_id: 1 },
        ],
        refusals: ["study_session, 1 row: activity_type is missing (id 6)"],
      },
    ],
    [
      "GORM's tables",
      `
        CREATE TABLE \`groups\` (
          \`id\` integer PRIMARY KEY, \`created_at\` datetime, \`updated_at\` datetime, \`deleted_at\` datetime, \`name\` text
        );
        CREATE TABLE study_activities (
          id integer PRIMARY KEY, created_at datetime, updated_at datetime, deleted_at datetime, name text
        );
        CREATE TABLE study_sessions (
          id integer PRIMARY KEY, created_at datetime, updated_at datetime, deleted_at datetime,
          group_id integer, study_activity_id integer
        );
        INSERT INTO groups VALUES (1, '2025-02-20', '2025-02-20', NULL, 'Verbs');
        INSERT INTO study_activities VALUES (2, '2025-02-20', '2025-02-20', NULL, 'Tutor');
        INSERT INTO study_sessions VALUES
          (3, '2025-02-20 15:00:00.123456789+03:00', NULL, NULL, 1, 2), (4, '2025-02-20', NULL, '2025-02-21', 1, 2);
      `,
      [],
      {
        study_sessions: [{ ...SESSION, created_at: "2025-02-20T12:00:00.123Z" }],
        notes: ["study_sessions, 1 row: left out, as deleted_at is set (id 4)"],
      },
    ],
  ])("%s", (_, schema, names, others) => {
    expect(read(schema)).toMatchObject({
      groups: [GROUP],
      study_activities: [ACTIVITY],
      study_sessions: [SESSION],
      refusals: [],
      names,
      ...others,
    });
  });
});

describe("takes only what is sure", () => {
  const ADVICE = [
    "Map other names by hand, in npm run import and npm run sync: --map study_sessions=<table>, --map study_sessions.created_at=<column>",
    "PORTAL_DB takes no --map: use npm start without it, and npm run sync -- <file> --map … --watch",
  ];

  test.each([
    [
      "a table",
      "CREATE TABLE groups (id INTEGER, name TEXT); CREATE TABLE activities (id INTEGER); CREATE TABLE chats (id INTEGER);",
      ["There is no table study_sessions", "The tables are: activities, chats, groups"],
    ],
    [
      "every table",
      "PRAGMA user_version = 1;",
      [
        "There is no table groups",
        "There is no table study_activities",
        "There is no table study_sessions",
        "The tables are: none",
      ],
    ],
    [
      "columns",
      `CREATE TABLE groups (id INTEGER); CREATE TABLE "StudyActivities" (name TEXT); CREATE TABLE sessions (id INTEGER, activity_id INTEGER);`,
      [
        "The table groups has no column name or group_name or title",
        "The table StudyActivities has no column id",
        "The table sessions has no column group_id or word_group_id",
        "The table sessions has no column created_at or start_time or started_at or timestamp",
        "The tables are: StudyActivities, groups, sessions",
      ],
    ],
    [
      "one of an app's tables",
      "CREATE TABLE auth_group (id INTEGER, name TEXT); CREATE TABLE api_studyactivity (id INTEGER); CREATE TABLE api_studysession (id INTEGER, group_id INTEGER, study_activity_id INTEGER, start_time TEXT);",
      ["There is no table groups", "The tables are: api_studyactivity, api_studysession, auth_group"],
    ],
  ])("names %s that the file lacks", (_, schema, lines) => {
    expect(() => read(schema)).toThrow(
      expect.objectContaining({ message: [...lines, ...ADVICE].join("\n") }),
    );
  });

  const TWO = `${UPSTREAM}
    CREATE TABLE sessions (id INTEGER, group_id INTEGER, activity_id INTEGER, started_at TEXT);
    INSERT INTO sessions VALUES (9, 1, 2, '2025-02-20');
  `;

  test("refuses a file with two tables that fit, and takes the one that is chosen", () => {
    expect(() => read(TWO)).toThrow(
      "Several tables fit study_sessions: sessions, study_sessions. Choose one with --map study_sessions=<table>",
    );
    expect(read(TWO, "study_sessions=study_sessions").study_sessions).toEqual([SESSION]);
    expect(read(TWO, "study_sessions=Sessions").study_sessions).toMatchObject([{ id: 9 }]);
  });

  test("refuses a file with two apps that fit", () => {
    const api = UPSTREAM.replaceAll(/(groups|study_activities|study_sessions) /g, "api_$1 ");
    expect(() => read(UPSTREAM.replace(/.*word_groups.*/, "") + api)).toThrow(
      "Several tables fit groups: groups, api_groups. Choose one with --map groups=<table>\n" +
        "Several tables fit study_activities: study_activities, api_study_activities. ",
    );
  });

  test("does not stumble over a view that can't be read", () => {
    const { study_sessions } = read(`${UPSTREAM} CREATE VIEW sessions AS SELECT * FROM gone;`);
    expect(study_sessions).toEqual([SESSION]);
    const view = "DROP TABLE study_sessions; CREATE VIEW study_sessions AS SELECT * FROM gone;";
    expect(() => read(UPSTREAM + view)).toThrow(/study_sessions can't be read: .*no such table: main\.gone/);
  });
});

describe("takes what is mapped by hand", () => {
  const ODD = `
    CREATE TABLE groups (id INTEGER, name TEXT, label TEXT);
    CREATE TABLE "my ""activities""" (nr INTEGER, "a=b" TEXT);
    CREATE TABLE log (id INTEGER, grp INTEGER, act INTEGER, begun TEXT, created_at TEXT);
    INSERT INTO groups VALUES (1, 'x', 'Verbs');
    INSERT INTO "my ""activities""" VALUES (2, 'Tutor');
    INSERT INTO log VALUES (3, 1, 2, '2025-02-20 12:00:00', '2020-01-01');
  `;
  const MAP = [
    "groups.name=LABEL",
    'study_activities=my "activities"',
    "study_activities.id=nr",
    "study_activities.name=a=b",
    "study_sessions=log",
    "study_sessions.group_id=grp",
    "study_sessions.study_activity_id=act",
    "study_sessions.created_at=begun",
  ];

  test("tables and columns of any name", () => {
    expect(read(ODD, ...MAP)).toMatchObject({
      groups: [GROUP],
      study_activities: [ACTIVITY],
      study_sessions: [SESSION],
      names: [
        "Read groups, with label for name",
        'Read study_activities from "my "activities"", with nr for id, "a=b" for name',
        "Read study_sessions from log, with grp for group_id, act for study_activity_id, begun for created_at",
      ],
    });
  });

  test("views, as the last resort", () => {
    const views = `
      CREATE VIEW a AS SELECT nr AS id, "a=b" AS name FROM "my ""activities""";
      CREATE VIEW s AS SELECT id, grp AS group_id, act AS study_activity_id, begun AS created_at FROM log;
    `;
    expect(read(ODD + views, "study_activities=a", "study_sessions=s")).toMatchObject({
      study_activities: [ACTIVITY],
      study_sessions: [SESSION],
    });
  });

  test("only what is there", () => {
    expect(() => read(UPSTREAM, "study_sessions=log", "groups.name=label")).toThrow(
      "The table groups has no column label\nThere is no table log\n",
    );
  });

  test.each([
    "",
    "sessions=log",
    "study_sessions",
    "study_sessions=",
    "study_sessions.color=red",
    "groups.id.id=x",
    "groups.toString=name",
    "study_sessions.__proto__=x",
  ])("refuses %j", (value) => {
    expect(() => parseNameMap([value])).toThrow(
      `--map: "${value}" maps nothing. Expected <table>=<name in the file>`,
    );
  });

  test("and escapes a line break in what it refuses", () => {
    expect(() => parseNameMap(["words\nDone"])).toThrow('--map: "words\\u000aDone" maps nothing.');
  });
});

test("the documentation lists all names", () => {
  const page = readDocumentation("docs/importing.md");
  const names = Object.values(FORMS).flatMap((form) => [
    ...form.names,
    ...Object.values(form.members).flat(),
  ]);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
