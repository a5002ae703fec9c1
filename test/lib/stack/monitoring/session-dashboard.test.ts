import { expect, test } from "@jest/globals";
import { findResource } from "../../../support/find-resource.ts";
import { readTemplate } from "../../../support/read-template.ts";

const template = readTemplate("prod");

interface Body {
  readonly periodOverride: string;
  readonly widgets: { readonly properties: { readonly title: string; readonly query?: string } }[];
}

/** Reads the body, in which resources appear by their logical ids. */
const readBody = (): Body => {
  const [, parts] = findResource(template, "AWS::CloudWatch::Dashboard", "Dashboard").DashboardBody[
    "Fn::Join"
  ];
  const texts = parts.map((part: unknown) => (typeof part === "string" ? part : Object(part).Ref));
  return JSON.parse(texts.join(""));
};

/** Reads the dashboard's widgets as JSON, by their titles. */
const readWidgets = () =>
  new Map(readBody().widgets.map((widget) => [widget.properties.title, JSON.stringify(widget)]));

const readQuery = (title: string) =>
  readBody().widgets.find(({ properties }) => properties.title === title)?.properties.query;

test("the dashboard shows health, latency, load and cost", () => {
  expect([...readWidgets().keys()]).toEqual([
    "Alarms",
    "Requests cost, US dollars a day",
    "Requests",
    "Responses by route and status",
    "Latency at the gateway",
    "Duration of CreateStudySession",
    "CreateStudySession",
    "Duration of ReadStudySessions",
    "ReadStudySessions",
    "Cold starts",
    "Capacity consumed",
    "Creates and replays",
    "Refused ids",
    "Last failures",
  ]);
});

test("the dashboard's cost, cold starts and failures are of both functions", () => {
  const widgets = readWidgets();
  for (const id of ["FunctionCreateStudySession", "ReaderReadStudySessions"])
    for (const metric of ["Invocations", "Duration"])
      expect(widgets.get("Requests cost, US dollars a day")).toMatch(
        new RegExp(`"${metric}","FunctionName","${id}`),
      );
  for (const title of ["Cold starts", "Last failures"])
    expect(widgets.get(title)).toMatch(/SOURCE 'FunctionLog\w+' \| SOURCE 'ReaderLog\w+'/);
});

test("every graph of the dashboard keeps its own period, so that the cost of a day is that of a day", () => {
  expect(readBody().periodOverride).toBe("inherit");
});

test("the dashboard's failures are readable, whether Lambda or the function logged them, and name the key of an unreadable item", () => {
  const query = readQuery("Last failures");
  expect(query).toContain("coalesce(error, message.errorMessage, record.status) as failure");
  expect(query).toContain("unreadableKey");
  expect(query).toContain('filter level = "ERROR" or record.status in ["error", "timeout"]');
});

test("the dashboard's replays and refused ids are of the function that creates", () => {
  for (const title of ["Creates and replays", "Refused ids"]) {
    expect(readQuery(title)).toMatch(/SOURCE 'FunctionLog/);
    expect(readQuery(title)).not.toContain("ReaderLog");
  }
  expect(readQuery("Creates and replays")).toContain("sum(replayed) as replays");
  expect(readQuery("Refused ids")).toContain("filter ispresent(refusedId)");
});
