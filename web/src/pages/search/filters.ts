/** What a search is narrowed to, as the address holds it, as it is asked and as it is kept. Pure. */

import type { Schemas } from "../../api/client";
import { momentOf, wallOf } from "../../shared/wall";

export const FILTERS = [
  "band",
  "level",
  "category",
  "rule",
  "team",
  "collector",
  "score_min",
  "score_max",
  "since",
  "until",
  "weekday",
  "hour",
] as const;
export type Filter = (typeof FILTERS)[number];
export type Shown = Partial<Record<Filter | "q" | "sort" | "cursor", string>>;
export type Sort = "time" | "relevance";

const NUMBERS = new Set<string>(["score_min", "score_max", "weekday", "hour"]);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The filters that are kept with a search. Days begin by the clock of the house. */
export function filtersOf(shown: Shown, zone: string): Schemas["FiltersIn"] {
  const said = FILTERS.filter((name) => shown[name]).map((name) => [
    name,
    taken(name, shown[name] ?? "", zone),
  ]);
  return Object.fromEntries(said) as Schemas["FiltersIn"];
}

function taken(name: Filter, value: string, zone: string): string | number | null {
  if (NUMBERS.has(name)) {
    return Number(value);
  }
  return DAY.test(value) ? momentOf(`${value}T00:00`, zone) : value;
}

/** The question beside the words themselves. */
export function asked(shown: Shown, zone: string): Record<string, string | number> {
  const { sort, cursor } = shown;
  const pages = { ...(sort ? { sort } : {}), ...(cursor ? { cursor } : {}) };
  return { ...(filtersOf(shown, zone) as Record<string, string | number>), ...pages };
}

/** The address of a search that was kept. */
export function addressOf(saved: Schemas["SavedOut"], zone: string): string {
  const query = new URLSearchParams({ q: saved.q, sort: saved.sort });
  for (const [name, value] of Object.entries(saved.filters)) {
    if (value !== null && value !== undefined) {
      const isDay = name === "since" || name === "until";
      query.set(name, isDay ? wallOf(String(value), zone).slice(0, 10) : String(value));
    }
  }
  return `/search?${query}`;
}
