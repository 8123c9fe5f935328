import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback, useRef, useState } from "react";
import { client } from "../../api/client";
import { useExplain } from "../../shared/States";
import type { Review } from "./types";

export type Act = (action: string, document?: Record<string, unknown>) => Promise<boolean>;

/** Does things with the ticket of a call, one after the other, each to the version that the one before it left: a
 * quick reviewer never meets their own work. Who was slower than somebody else is told, and nothing is overwritten.
 * Answers whether it was done. */
export function useAct({ call, ticket }: Review): { act: Act; busy: boolean } {
  const queries = useQueryClient();
  const { notification } = App.useApp();
  const explain = useExplain();
  const [waiting, setWaiting] = useState(0);
  const left = useRef(0); // the version that one's own last action left
  const seen = useRef(0);
  const last = useRef(Promise.resolve());
  const number = ticket?.id;
  seen.current = ticket?.version ?? 0;
  const send = useCallback(
    async (action: string, document: Record<string, unknown>) => {
      if (number === undefined) {
        return false;
      }
      const params = {
        path: { ticket_id: number, action },
        header: { "if-match": `"${Math.max(left.current, seen.current)}"` },
      };
      try {
        const address = "/api/v1/tickets/{ticket_id}/actions/{action}";
        const { data } = await client.POST(address, { params, body: { document } });
        left.current = data?.version ?? left.current;
        return true;
      } catch (error) {
        const { title, detail } = explain(error);
        notification.error({ title, description: detail, role: "alert" });
        left.current = 0; // what is read next is what holds
        return false;
      }
    },
    [number, notification, explain],
  );
  const act = useCallback<Act>(
    async (action, document = {}) => {
      setWaiting((count) => count + 1);
      const done = last.current.then(() => send(action, document));
      last.current = done.then(async () => {
        setWaiting((count) => count - 1);
        await queries.invalidateQueries({ predicate: ({ queryKey }) => isAbout(queryKey, call.id, number) });
      });
      return done;
    },
    [send, queries, call.id, number],
  );
  return { act, busy: waiting > 0 };
}

/** Whether something was read of this call or of its ticket. */
function isAbout(key: readonly unknown[], call: number, ticket: number | undefined): boolean {
  const [, address, init] = key as [
    string,
    string,
    { params?: { path?: Record<string, unknown> } } | undefined,
  ];
  const path = init?.params?.path;
  return (
    (address.startsWith("/api/v1/calls/") && path?.call_id === call) ||
    (address.startsWith("/api/v1/tickets/") && path?.ticket_id === ticket)
  );
}
