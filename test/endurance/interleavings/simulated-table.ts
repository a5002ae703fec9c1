import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, type PutCommandInput, UpdateCommand } from "@aws-sdk/lib-dynamodb";

export interface Item {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

export type Items = ReadonlyMap<string, Item>;

/** The SDK's result of a call: its output, or an error. */
export interface Reply {
  /** Tells this reply from all others. */
  readonly text: string;
  readonly output?: { readonly Item?: Item | undefined; readonly Attributes?: object };
  readonly error?: Error;
}

interface Effect {
  readonly items: Items;
  readonly reply: Reply;
}

/** One step of the table. */
export interface Operation {
  /** The name is, for example, `PutItem study_session#1`. */
  readonly name: string;
  /** The same operation always has the same number. */
  readonly number: number;
  readonly isWrite: boolean;
  readonly apply: (items: Items) => Effect;
}

const numbers = new Map<string, number>();

const numberOf = (text: string) => {
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  return number;
};

/** The hash of a key says nothing to the reader of a trace. */
const nameOf = (call: string, pk: string) => `${call} ${pk.replace(/^(idempotency_key)#.*/, "$1")}`;

const DONE: Reply = { text: "done", output: {} };

const CONDITION_FAILED: Reply = {
  text: "condition failed",
  error: new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} }),
};

const readItem = (pk: string): Operation => ({
  name: nameOf("GetItem", pk),
  number: numberOf(`GetItem ${pk}`),
  isWrite: false,
  apply: (items) => {
    const Item = items.get(pk);
    return { items, reply: { text: JSON.stringify(Item) ?? "no item", output: { Item } } };
  },
});

/** @param isMet - whether the item may be put over the one that is there */
export const putItem = (item: Item, isMet: (present: Item | undefined) => boolean, condition = "") => ({
  name: nameOf("PutItem", item.pk),
  number: numberOf(`PutItem ${JSON.stringify(item)} ${condition}`),
  isWrite: true,
  apply: (items: Items) =>
    isMet(items.get(item.pk))
      ? { items: new Map(items).set(item.pk, item), reply: DONE }
      : { items, reply: CONDITION_FAILED },
});

export const deleteItem = (pk: string, isMet: (present: Item | undefined) => boolean): Operation => ({
  name: nameOf("DeleteItem", pk),
  number: numberOf(`DeleteItem ${pk}`),
  isWrite: true,
  apply: (items) => ({
    items: isMet(items.get(pk)) ? new Map([...items].filter(([key]) => key !== pk)) : items,
    reply: DONE,
  }),
});

const addToItem = (pk: string, attribute: string, amount: number): Operation => ({
  name: nameOf("UpdateItem", pk),
  number: numberOf(`UpdateItem ${pk} ${attribute} ${amount}`),
  isWrite: true,
  apply: (items) => {
    const sum = Number(items.get(pk)?.[attribute] ?? 0) + amount;
    const Attributes = { [attribute]: sum };
    return {
      items: new Map(items).set(pk, { ...items.get(pk), pk, ...Attributes }),
      reply: { text: `${sum}`, output: { Attributes } },
    };
  },
});

const conditionOf = ({ ConditionExpression, ExpressionAttributeValues }: PutCommandInput) => {
  if (ConditionExpression === undefined) return () => true;
  if (ConditionExpression === "attribute_not_exists(pk)") return (present?: Item) => present === undefined;
  if (ConditionExpression !== "id = :id") throw new Error(`Unknown condition ${ConditionExpression}`);
  return (present?: Item) => present !== undefined && present.id === ExpressionAttributeValues?.[":id"];
};

/**
 * @param nameOwner - makes the owner of a session the same each time the same request is run
 * @throws Error for a call that the store is not known to make
 */
export const toOperation = (command: unknown, nameOwner: (owner: string) => string): Operation => {
  if (command instanceof GetCommand && command.input.ConsistentRead) return readItem(command.input.Key?.pk);
  if (command instanceof PutCommand) {
    const { pk, owner, ...attributes } = command.input.Item ?? {};
    const item = { pk, ...attributes, ...(owner === undefined ? {} : { owner: nameOwner(owner) }) };
    const { ConditionExpression, ExpressionAttributeValues } = command.input;
    const condition = JSON.stringify([ConditionExpression, ExpressionAttributeValues]);
    return putItem(item, conditionOf(command.input), condition);
  }
  if (command instanceof UpdateCommand && command.input.UpdateExpression === "ADD #attribute :amount") {
    const { Key, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = command.input;
    return addToItem(Key?.pk, names?.["#attribute"] ?? "", values?.[":amount"]);
  }
  throw new Error("Unknown call");
};

/** A content of the table. The same content is always the same object. */
export interface SimulatedTable {
  readonly number: number;
  readonly items: Items;
  readonly apply: (operation: Operation) => { readonly table: SimulatedTable; readonly reply: Reply };
}

/** @returns turns items into the table that has them */
export const createTables = () => {
  const tables = new Map<string, SimulatedTable>();
  const toTable = (items: Items): SimulatedTable => {
    const text = [...items.values()]
      .map((item) => JSON.stringify(item))
      .sort()
      .join();
    const known = tables.get(text);
    if (known) return known;
    const effects = new Map<number, ReturnType<SimulatedTable["apply"]>>();
    const apply = (operation: Operation) => {
      const earlier = effects.get(operation.number);
      if (earlier) return earlier;
      const effect = operation.apply(items);
      const result = { table: toTable(effect.items), reply: effect.reply };
      effects.set(operation.number, result);
      return result;
    };
    const table = { number: tables.size, items, apply };
    tables.set(text, table);
    return table;
  };
  return toTable;
};
