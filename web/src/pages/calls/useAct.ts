import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback } from "react";
import { api } from "../../api/client";
import { useExplain } from "../../shared/States";
import type { Review } from "./types";

export type Act = (action: string, document?: Record<string, unknown>) => Promise<boolean>;

/** Does something with the ticket of a call, in the version that is shown: who was slower is told, and nothing is
 * overwritten. Answers whether it was done. */
export function useAct(review: Review): { act: Act; busy: boolean } {
  const queries = useQueryClient();
  const { notification } = App.useApp();
  const explain = useExplain();
  const { mutateAsync, isPending } = api.useMutation("post", "/api/v1/tickets/{ticket_id}/actions/{action}");
  const { ticket } = review;
  const act = useCallback<Act>(
    async (action, document = {}) => {
      if (ticket === null) {
        return false;
      }
      const params = {
        path: { ticket_id: ticket.id, action },
        header: { "if-match": `"${ticket.version}"` },
      };
      try {
        await mutateAsync({ params, body: { document } });
        return true;
      } catch (error) {
        const { title, detail } = explain(error);
        notification.error({ title, description: detail, role: "alert" });
        return false;
      } finally {
        await queries.invalidateQueries({ queryKey: ["get", "/api/v1/calls/{call_id}/review"] });
      }
    },
    [ticket, mutateAsync, queries, notification, explain],
  );
  return { act, busy: isPending };
}
