/** What one looks at stands in the address, so that every view can be linked to, and Back goes back. */

import { useMemo } from "react";
import { useSearchParams } from "react-router";

type Change = Record<string, string | null | undefined>;

/** The address after a change: what is empty leaves it, and a list begins at its first page again. */
export function changed(before: URLSearchParams, change: Change): URLSearchParams {
  const after = new URLSearchParams(before);
  if (!("cursor" in change)) {
    after.delete("cursor");
  }
  for (const [name, value] of Object.entries(change)) {
    if (value == null || value === "") {
      after.delete(name);
    } else {
      after.set(name, value);
    }
  }
  return after;
}

/** The named parts of the address that are there, and how to change them. */
export function useAddress<Name extends string>(
  ...names: readonly Name[]
): [Partial<Record<Name, string>>, (change: Partial<Record<Name | "cursor", string | null>>) => void] {
  const [params, setParams] = useSearchParams();
  const shown = useMemo(() => {
    const given = names
      .map((name) => [name, params.get(name)] as const)
      .filter(([, value]) => value !== null);
    return Object.fromEntries(given) as Partial<Record<Name, string>>;
  }, [params, names]);
  return [shown, (change) => setParams((before) => changed(before, change as Change))];
}
