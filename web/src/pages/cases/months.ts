/** Figures of months. Pure. */

export type Cause = { key: string; dimension: string; kind: string; count: number };

/** Causes of all dimensions in one list, the most frequent first. */
export function causesOf(causes: Readonly<Record<string, readonly Record<string, unknown>[]>>): Cause[] {
  return Object.entries(causes)
    .flatMap(([dimension, all]) =>
      all.map((each) => {
        const kind = String(each.kind ?? "—");
        return { key: `${dimension} ${kind}`, dimension, kind, count: Number(each.count ?? 0) };
      }),
    )
    .sort((one, other) => other.count - one.count);
}

/** The month so many before another: `2026-03` less 6 is `2025-09`. */
export function monthsBefore(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}
