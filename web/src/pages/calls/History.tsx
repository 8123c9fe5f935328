import { Timeline, Typography } from "antd";
import { api } from "../../api/client";
import { useClock, useName } from "../../app/session";
import { Failed, Loading } from "../../shared/States";
import { useSay } from "../../shared/words";

/** What happened to the ticket, by whom. */
export function History({ ticket, people }: { ticket: number; people: Record<string, string> }) {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/tickets/{ticket_id}/history", {
    params: { path: { ticket_id: ticket } },
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <section className="block">
      <Typography.Title level={2}>{t({ zh: "工单历史", en: "History of the ticket" })}</Typography.Title>
      <Timeline
        items={data.map((each) => ({
          key: each.seq,
          content: [
            `${moment(each.at)} ${people[each.actor ?? ""] ?? each.actor ?? "—"}: ${name("ticket_actions", each.action)}`,
            ...said(each.details),
          ].join(" · "),
        }))}
      />
    </section>
  );
}

/** What people wrote with an action; always shown as text. */
function said(details: Readonly<Record<string, unknown>>): string[] {
  return ["comment", "reason", "words"]
    .map((name) => details[name])
    .filter((text) => typeof text === "string");
}
