import { useCallback } from "react";
import { api } from "../api/client";
import { useMay } from "./session";

/** `nameOf(id)`: what a person is called, for who may see the people of the house; else the id as it is. */
export function useNameOf(): (id: string | null | undefined) => string | null {
  const may = useMay();
  const { data } = api.useQuery(
    "get",
    "/api/v1/people",
    { params: { query: { inactive: true } } },
    {
      enabled: may("people.read"),
      staleTime: 300_000,
    },
  );
  return useCallback((id) => data?.find((each) => each.id === id)?.name ?? id ?? null, [data]);
}
