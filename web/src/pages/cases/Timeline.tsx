import { Card, Timeline as Line, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useNameOf } from "../../app/people";
import { useClock, useName } from "../../app/session";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Document } from "./Document";

const WORDS = {
  title: { zh: "经过", en: "What happened" },
  moved: { zh: "{from} → {to}", en: "{from} → {to}" },
} satisfies Record<string, Words>;

// What opened a case is shown at its head.
const SHOWN_ABOVE = new Set(["opened"]);

/** Everything that happened to a case, the newest first. */
export function Timeline({ caseId }: { caseId: number }) {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/cases/{case_id}/history", {
    params: { path: { case_id: caseId } },
  });
  return (
    <Card title={t(WORDS.title)} className="block">
      {error ? <Failed error={error} retry={refetch} /> : data ? null : <Loading />}
      {data && (
        <Line
          items={data.toReversed().map((event) => ({ key: event.seq, content: <Event event={event} /> }))}
        />
      )}
    </Card>
  );
}

/** Whether the clocks say it in both languages; what else they note is for programs. */
function isBoth(said: unknown): said is Words {
  return typeof said === "object" && said !== null && "zh" in said && "en" in said;
}

function Event({ event }: { event: Schemas["EventOut"] }) {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  const nameOf = useNameOf();
  const state = (value: string) => name("case_states", value);
  const moved = event.from_state !== null && event.from_state !== event.to_state;
  return (
    <>
      <strong>{name("case_actions", event.action)}</strong>{" "}
      {moved && t(WORDS.moved, { from: state(event.from_state ?? ""), to: state(event.to_state) })}
      <br />
      <Typography.Text type="secondary">
        {event.actor === "system" ? name("roles", "system") : nameOf(event.actor)}, {moment(event.at)}
      </Typography.Text>
      {isBoth(event.details.words) ? (
        <p>{t(event.details.words)}</p>
      ) : (
        !SHOWN_ABOVE.has(event.action) && <Document said={event.details} />
      )}
    </>
  );
}
