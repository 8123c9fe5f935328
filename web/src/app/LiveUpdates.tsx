import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { API } from "../api/client";
import { concerns } from "./concerns";
import { useMay } from "./session";

/** Reads anew whatever the server says has changed; the browser itself opens an ended connection again. */
export function LiveUpdates() {
  const queries = useQueryClient();
  const listens = useMay()("events.listen");
  useEffect(() => {
    if (!listens) {
      return undefined;
    }
    const source = new EventSource(`${API}/events`);
    source.addEventListener("changed", (event) => {
      const { kind } = JSON.parse(event.data) as { kind: string };
      void queries.invalidateQueries({ predicate: (query) => concerns(kind, query.queryKey) });
    });
    source.addEventListener("reset", () => void queries.invalidateQueries());
    return () => source.close();
  }, [queries, listens]);
  return null;
}
