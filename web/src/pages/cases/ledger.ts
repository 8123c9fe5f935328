/** What the ledger is narrowed and sorted by, as it stands in the address. Pure. */

export const FILTERS = [
  "level",
  "state",
  "kind",
  "source",
  "handler",
  "team",
  "collector",
  "number",
  "name",
  "text",
  "open",
  "overdue",
  "since",
  "until",
] as const;
export const NAMES = [...FILTERS, "sort", "order", "cursor"] as const;
export type Shown = Partial<Record<(typeof NAMES)[number], string>>;

// These take several values at once; the address holds them with commas.
const SEVERAL = new Set(["level", "state", "kind", "source"]);
const ALONE = new Set(["handler", "team", "collector"]);
const YES = new Set(["open", "overdue"]);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The question to the server: `day` gives the moment at which a day begins by the clock of the house. */
export function asked(shown: Shown, day: (date: string) => string | null): Record<string, unknown> {
  const said = Object.entries(shown).map(([name, value]) => [name, taken(name, value, day)] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== null));
}

function taken(name: string, value: string, day: (date: string) => string | null): unknown {
  if (SEVERAL.has(name)) {
    return value.split(",");
  }
  if (ALONE.has(name)) {
    return [value];
  }
  if (YES.has(name)) {
    return value === "yes";
  }
  return DAY.test(value) ? day(value) : value;
}

/** The address of the export with the same filters. */
export function exportOf(
  form: "csv" | "xlsx",
  shown: Shown,
  lang: string,
  day: (date: string) => string | null,
): string {
  const { cursor: _, ...kept } = shown;
  const query = new URLSearchParams({ lang });
  for (const [name, value] of Object.entries(asked(kept, day))) {
    for (const each of Array.isArray(value) ? value : [value]) {
      query.append(name, String(each));
    }
  }
  return `/api/v1/ledger/export.${form}?${query}`;
}
