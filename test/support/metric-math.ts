import jsep from "jsep";

/** The values of a metric, one for each period; undefined where there is no datapoint. */
export type Series = readonly (number | undefined)[];

export type Metrics = Readonly<Record<string, Series>>;

interface Props {
  readonly metrics: Metrics;
  /** The number of periods. */
  readonly length: number;
  /** AWS doesn't say whether FILL makes datapoints of a metric that has none at all. */
  readonly fillsEmptySeries: boolean;
}

type Value = number | Series;

const valueAt = (value: Value, time: number) => (typeof value === "number" ? value : value[time]);

const eachTime = (length: number, calculate: (time: number) => number | undefined): Series =>
  Array.from({ length }, (_, time) => calculate(time));

/** Two series have a result only at the times where both have a datapoint. */
const OPERATORS: Readonly<Record<string, (a: number, b: number) => number | undefined>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? undefined : a / b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
};

/** Functions that reduce an array of series to one. A series without a datapoint at a time does not count there. */
const REDUCTIONS: Readonly<Record<string, (values: number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values) => Math.max(...values),
};

const FUNCTIONS: Readonly<Record<string, (props: Props, ...values: Value[]) => Value>> = {
  FILL: ({ length, fillsEmptySeries }, value = 0, filler = 0) => {
    const isEmpty = typeof value !== "number" && value.every((each) => each === undefined);
    if (isEmpty && !fillsEmptySeries) return value;
    return eachTime(length, (time) => valueAt(value, time) ?? valueAt(filler, time));
  },
  IF: ({ length }, condition = 0, first = 0, second = 0) =>
    eachTime(length, (time) => {
      const isTrue = valueAt(condition, time);
      return isTrue === undefined ? undefined : valueAt(isTrue ? first : second, time);
    }),
};

const notUnderstood = (node: unknown) => new Error(`Not understood: ${JSON.stringify(node)}`);

const operate = (node: jsep.BinaryExpression, props: Props) => {
  const calculate = OPERATORS[node.operator];
  if (!calculate) throw notUnderstood(node);
  const [left, right] = [evaluate(node.left, props), evaluate(node.right, props)];
  return eachTime(props.length, (time) => {
    const [a, b] = [valueAt(left, time), valueAt(right, time)];
    return a === undefined || b === undefined ? undefined : calculate(a, b);
  });
};

const call = (node: jsep.CallExpression, props: Props) => {
  const name = String(node.callee.name);
  const [first] = node.arguments as jsep.CoreExpression[];
  const reduce = REDUCTIONS[name];
  if (reduce && first?.type === "ArrayExpression") {
    const values = first.elements.map((element) => evaluate(element, props));
    return eachTime(props.length, (time) => {
      const present = values.map((value) => valueAt(value, time)).filter((value) => value !== undefined);
      return present.length === 0 ? undefined : reduce(present);
    });
  }
  const apply = FUNCTIONS[name];
  if (!apply) throw notUnderstood(node);
  return apply(props, ...node.arguments.map((argument) => evaluate(argument, props)));
};

const evaluate = (expression: jsep.Expression | null, props: Props): Value => {
  const node = expression as jsep.CoreExpression;
  if (node.type === "Literal") return Number(node.value);
  if (node.type === "BinaryExpression") return operate(node, props);
  if (node.type === "CallExpression") return call(node, props);
  const series = node.type === "Identifier" && props.metrics[node.name];
  if (!series) throw notUnderstood(node);
  return series;
};

/**
 * Parses an expression in the part of CloudWatch's metric math that the alarms use.
 * @returns a function that evaluates the expression
 */
export const parseExpression = (expression: string) => {
  const parsed = jsep(expression);
  return (props: Props): Series => {
    const value = evaluate(parsed, props);
    return eachTime(props.length, (time) => valueAt(value, time));
  };
};
