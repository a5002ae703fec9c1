import { expect, test } from "@jest/globals";
import { findResource } from "../../support/find-resource.ts";
import { synthesize } from "../../support/synthesize.ts";

const { template } = synthesize();

/** The dashboard's widgets as JSON, by their titles. Resources appear by their logical ids. */
const readWidgets = () => {
  const [, parts] = findResource(template, "AWS::CloudWatch::Dashboard", "Dashboard").DashboardBody[
    "Fn::Join"
  ];
  const texts = parts.map((part: unknown) => (typeof part === "string" ? part : Object(part).Ref));
  const { widgets }: { widgets: { properties: { title: string } }[] } = JSON.parse(texts.join(""));
  return new Map(widgets.map((widget) => [widget.properties.title, JSON.stringify(widget)]));
};

test("the dashboard shows health, speed, load and cost", () => {
  expect([...readWidgets().keys()]).toEqual([
    "Alarms",
    "Requests cost, US dollars a day",
    "Requests",
    "Answers by route and status",
    "Latency at the gateway",
    "Duration of CreateStudySession",
    "CreateStudySession",
    "Duration of ReadStudySessions",
    "ReadStudySessions",
    "Cold starts",
    "Capacity consumed",
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
