import jsep from "jsep";

/** The values of a metric, one for each period; undefined where there is no datapoint. */
export type Series = readonly (number | undefined)[];

export type Metrics = Readonly<Record<string, Series>>;

type Value = number | Series;

const valueAt = (value: Value, time: number) => (typeof value === "number" ? value : value[time]);

const BINARY: Readonly<Record<string, (a: number, b: number) => number | undefined>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? undefined : a / b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
};

/** Of several series at one time: those without a datapoint don't count. */
const REDUCTIONS: Readonly<Record<string, (values: number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values) => Math.max(...values),
};

interface Props {
  readonly metrics: Metrics;
  /** How many datapoints a series has at most. */
  readonly length: number;
  /** AWS doesn't say whether FILL makes datapoints of a metric that has none at all. */
  readonly fillsEmptySeries: boolean;
}

/**
 * Evaluates the part of CloudWatch's metric math that the alarms use. Two series are combined only at the times where
 * both have a datapoint.
 */
export const evaluateExpression = (
  expression: string,
  { metrics, length, fillsEmptySeries }: Props,
): Series => {
  const eachTime = (calculate: (time: number) => number | undefined) =>
    Array.from({ length }, (_, i) => calculate(i));

  const fill = (value: Value, filler: Value) => {
    const isEmpty = typeof value !== "number" && value.every((each) => each === undefined);
    if (isEmpty && !fillsEmptySeries) return value;
    return eachTime((time) => valueAt(value, time) ?? valueAt(filler, time));
  };

  const choose = (condition: Value, first: Value, second: Value) =>
    eachTime((time) => {
      const isTrue = valueAt(condition, time);
      return isTrue === undefined ? undefined : valueAt(isTrue ? first : second, time);
    });

  const combine = (operator: string, left: Value, right: Value) => {
    const calculate = BINARY[operator];
    if (!calculate) throw new Error(`No such operator: ${operator}`);
    return eachTime((time) => {
      const [a, b] = [valueAt(left, time), valueAt(right, time)];
      return a === undefined || b === undefined ? undefined : calculate(a, b);
    });
  };

  const reduce = (name: string, values: Value[]) => {
    const calculate = REDUCTIONS[name];
    if (!calculate) throw new Error(`No such function: ${name}`);
    return eachTime((time) => {
      const present = values.map((value) => valueAt(value, time)).filter((value) => value !== undefined);
      return present.length === 0 ? undefined : calculate(present);
    });
  };

  const call = (name: string, nodes: jsep.Expression[]): Value => {
    const [first] = nodes as jsep.CoreExpression[];
    if (first?.type === "ArrayExpression")
      return reduce(
        name,
        first.elements.map((node) => evaluate(node)),
      );
    const [a = 0, b = 0, c = 0] = nodes.map(evaluate);
    if (name === "FILL") return fill(a, b);
    if (name === "IF") return choose(a, b, c);
    throw new Error(`No such function: ${name}`);
  };

  const evaluate = (expression: jsep.Expression | null): Value => {
    const node = expression as jsep.CoreExpression;
    if (node.type === "Literal") return Number(node.value);
    if (node.type === "BinaryExpression")
      return combine(node.operator, evaluate(node.left), evaluate(node.right));
    if (node.type === "CallExpression") return call(String(node.callee.name), node.arguments);
    const series = node.type === "Identifier" && metrics[node.name];
    if (!series) throw new Error(`Not understood: ${JSON.stringify(node)}`);
    return series;
  };

  const result = evaluate(jsep(expression));
  return eachTime((time) => valueAt(result, time));
};
