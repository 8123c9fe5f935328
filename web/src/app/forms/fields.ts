/** The form of an action, read from the JSON schema that the server gives with it. Pure. */

import { momentOf } from "../../shared/wall";

export type Schema = { readonly [key: string]: unknown };

type Base = { name: string; needed: boolean };
export type Field = Base &
  (
    | { form: "words" | "short" | "money" | "yes" | "perhaps" | "moment" | "texts" | "numbers" }
    | { form: "number"; least?: number | undefined; most?: number | undefined }
    | { form: "choice" | "choices"; values: readonly string[] }
    | { form: "rows"; columns: readonly Field[] }
  );
export type Values = Record<string, unknown>;

const LONG = 500; // characters: more than that is written in a box of several lines

/** The fields of a document, in its order. */
export function fieldsOf(schema: Schema): Field[] {
  return fields(schema, (schema.$defs ?? {}) as Record<string, Schema>);
}

function fields(schema: Schema, named: Record<string, Schema>): Field[] {
  const needed = new Set((schema.required ?? []) as string[]);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  return properties.map(([name, each]) => fieldOf({ name, needed: needed.has(name) }, each, named));
}

function fieldOf(base: Base, given: Schema, named: Record<string, Schema>): Field {
  const schema = plain(given, named);
  if (Array.isArray(schema.enum)) {
    return { ...base, form: "choice", values: schema.enum as string[] };
  }
  if (schema.type === "array") {
    const items = plain((schema.items ?? {}) as Schema, named);
    if (Array.isArray(items.enum)) {
      return { ...base, form: "choices", values: items.enum as string[] };
    }
    if (items.type === "object") {
      return { ...base, form: "rows", columns: fields(items, named) };
    }
    return { ...base, form: items.type === "integer" ? "numbers" : "texts" };
  }
  if (schema.type === "boolean") {
    return { ...base, form: schema === given ? "yes" : "perhaps" };
  }
  if (schema.type === "integer") {
    const [least, most] = [schema.minimum, schema.maximum] as (number | undefined)[];
    return { ...base, form: "number", least, most };
  }
  if (schema.type === "number") {
    return { ...base, form: "money" };
  }
  if (schema.format === "date-time") {
    return { ...base, form: "moment" };
  }
  return { ...base, form: Number(schema.maxLength ?? 0) > LONG ? "words" : "short" };
}

/** A schema without its name and without the possibility of being left out. */
function plain(schema: Schema, named: Record<string, Schema>): Schema {
  if (typeof schema.$ref === "string") {
    return plain(named[schema.$ref.split("/").at(-1) ?? ""] ?? {}, named);
  }
  const either = schema.anyOf as Schema[] | undefined;
  const first = either?.find((each) => each.type !== "null");
  return first ? plain(first, named) : schema;
}

/** What was typed, as the document that the server takes: nothing empty, moments by the clock of the house. */
export function documentOf(form: readonly Field[], values: Values, zone: string): Values {
  const said = form.map((field) => [field.name, taken(field, values[field.name], zone)] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

function taken(field: Field, value: unknown, zone: string): unknown {
  if (value === undefined || value === null || value === "") {
    return undefined;
  }
  switch (field.form) {
    case "moment":
      return momentOf(String(value), zone) ?? undefined;
    case "perhaps":
      return value === "yes";
    case "money":
      return String(value);
    case "texts":
      return lines(value);
    case "numbers":
      return lines(value).map(Number);
    case "rows":
      return (value as Values[]).map((row) => documentOf(field.columns, row, zone));
    default:
      return value;
  }
}

function lines(value: unknown): string[] {
  return (Array.isArray(value) ? value : String(value).split(/[\n,，、]/))
    .map((each) => String(each).trim())
    .filter(Boolean);
}
