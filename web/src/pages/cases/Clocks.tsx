import { Card, List, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { wordsOf } from "../../app/forms/words";
import { useClock } from "../../app/session";
import { Mark, type Tone } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { STANDINGS } from "./standings";

const WORDS = {
  title: { zh: "时限", en: "Deadlines" },
  none: { zh: "没有时限。", en: "No deadlines." },
  due: { zh: "{when} 到期（{far}）", en: "Due {when} ({far})" },
  byHand: { zh: "手动设定", en: "set by hand" },
} satisfies Record<string, Words>;

const TONES: Record<string, Tone> = { overdue: "bad", met_late: "warn", running: "info", met: "good" };

/** The clocks of a case: when each is due, how it stands, and why. */
export function Clocks({ caseId }: { caseId: number }) {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/cases/{case_id}/deadlines", {
    params: { path: { case_id: caseId } },
  });
  return (
    <Card title={t(WORDS.title)} className="block">
      {error ? <Failed error={error} retry={refetch} /> : data ? null : <Loading />}
      {data?.items.length === 0 && <Nothing words={WORDS.none} />}
      {data && data.items.length > 0 && (
        <List
          size="small"
          dataSource={data.items}
          rowKey={(each) => `${each.clock} ${each.number}`}
          renderItem={(each) => <Clock clock={each} />}
        />
      )}
    </Card>
  );
}

function Clock({ clock }: { clock: Schemas["DeadlineOut"] }) {
  const t = useSay();
  const { lang } = useLanguage();
  const { moment, distance } = useClock();
  const due = clock.due_at && { when: moment(clock.due_at), far: distance(clock.due_at) };
  return (
    <List.Item>
      <List.Item.Meta
        title={
          <>
            {clock.title[lang]}{" "}
            <Mark tone={TONES[clock.standing]}>{t(wordsOf(STANDINGS, clock.standing))}</Mark>
            {clock.by_hand && <Mark>{t(WORDS.byHand)}</Mark>}
          </>
        }
        description={
          <>
            {due && <div>{t(WORDS.due, due)}</div>}
            <Typography.Text type="secondary">{clock.why[lang]}</Typography.Text>
          </>
        }
      />
    </List.Item>
  );
}
