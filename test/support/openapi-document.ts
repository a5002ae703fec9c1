/** Looks things up in the OpenAPI document, and validates against its schemas. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { OPERATIONS, type Operation, ROUTES } from "../../functions/routes.ts";
import { matchRoute } from "../../lib/local/route-match.ts";
import { createOpenApiDocument } from "../../lib/openapi/openapi-document.ts";
import type { Request } from "./send.ts";

interface ResponseObject {
  readonly headers: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content: {
    readonly "application/json": { readonly examples?: Readonly<Record<string, { value: object }>> };
  };
}

interface OperationObject {
  readonly parameters: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

const document = createOpenApiDocument("/");

const formats = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  int64: true,
  "uri-reference": /^\/[!-~]*$/,
} as const;

const createValidator = (coerceTypes: boolean) =>
  new Ajv2020({ strict: false, formats, coerceTypes }).addSchema(document, "openapi");

const validator = createValidator(false);
/** Headers are texts, also where the document has numbers. */
const headerValidator = createValidator(true);

const pathOf = (operation: Operation) => {
  const { path, method } = ROUTES[operation];
  return ["paths", path, method.toLowerCase()];
};

interface Place {
  readonly operation: Operation;
  /** The names that lead from the operation to a schema. */
  readonly place: readonly (string | number)[];
}

const compile = (ajv: Ajv2020, { operation, place }: Place) => {
  const names = [...pathOf(operation), ...place].map(String);
  const pointer = names.map((name) => name.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  if (!validate) throw new Error(`The document has no ${pointer}`);
  return validate;
};

/** @returns the operation that a request is for: the create when it names no other */
export const operationOf = ({ method, path }: Request): Operation => {
  const { createStudySession } = ROUTES;
  const url = path ?? createStudySession.path;
  const route = matchRoute(method ?? createStudySession.method, url.split("?")[0] ?? url)?.route;
  const operation = OPERATIONS.find((each) => ROUTES[each] === route);
  if (!operation) throw new Error(`The service has no route for ${method} ${path}`);
  return operation;
};

const describedBy = (operation: Operation) => {
  const { path, method } = ROUTES[operation];
  const paths: Readonly<Record<string, Readonly<Record<string, object>>>> = document.paths;
  return paths[path]?.[method.toLowerCase()] as OperationObject;
};

export const responsesOf = (operation: Operation) => describedBy(operation).responses;

export const examplesOf = (operation: Operation, status: number | string | undefined) => {
  const { examples = {} } = responsesOf(operation)[String(status)]?.content["application/json"] ?? {};
  return Object.values(examples).map(({ value }) => value);
};

const JSON_SCHEMA = ["content", "application/json", "schema"];

export const isDocumentedBody = (body: unknown) =>
  compile(validator, { operation: "createStudySession", place: ["requestBody", ...JSON_SCHEMA] })(body);

export const isDocumentedParameter = (operation: Operation, name: string, value: unknown) => {
  const index = describedBy(operation).parameters.findIndex((parameter) => parameter.name === name);
  return compile(validator, { operation, place: ["parameters", index, "schema"] })(value);
};

export const isDocumentedResponse = (operation: Operation, status: number | string, body: unknown) =>
  compile(validator, { operation, place: ["responses", status, ...JSON_SCHEMA] })(body);

export const isDocumentedHeader = (
  operation: Operation,
  {
    status,
    name,
    value,
  }: { readonly status: number | string; readonly name: string; readonly value: string },
) => compile(headerValidator, { operation, place: ["responses", status, "headers", name, "schema"] })(value);
