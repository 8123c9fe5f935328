import { ClockCircleOutlined } from "@ant-design/icons";
import { Alert, Card, Flex, Select, Typography } from "antd";
import { Link } from "react-router";
import { api } from "../../api/client";
import { useClock, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { board, type Deadline, type Entry } from "./board";

const WORDS = {
  title: { zh: "案件看板", en: "Open cases" },
  report: { zh: "待审核", en: "To review" },
  team: { zh: "待成组", en: "To form a team" },
  plan: { zh: "待定方案", en: "To plan" },
  talk: { zh: "沟通处理", en: "In handling" },
  follow: { zh: "跟踪", en: "Tracking" },
  close: { zh: "待结案", en: "To close" },
  level: { zh: "等级", en: "Level" },
  empty: { zh: "没有案件", en: "No cases" },
  none: { zh: "没有未结案件。", en: "No case is open." },
  first: {
    zh: "只显示最新 {count} 件未结案件；其余请看台账。",
    en: "Only the newest {count} open cases are shown; the ledger has the others.",
  },
  overdue: { zh: "已超时", en: "Overdue" },
  noClock: { zh: "无待办时限", en: "No deadline awaited" },
} satisfies Record<string, Words>;

const MOST = 200;

/** Open cases by where they stand, each with the deadline that comes first. */
export function Board() {
  const t = useSay();
  const name = useName();
  const [{ level }, change] = useAddress("level");
  const cases = api.useQuery("get", "/api/v1/cases", {
    params: { query: { open: true, limit: MOST, ...(level ? { level: level as "high" } : {}) } },
  });
  const clocks = api.useQuery("get", "/api/v1/deadlines", { params: { query: { limit: 1000 } } });
  const error = cases.error ?? clocks.error;
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Select
        allowClear
        className="filters"
        aria-label={t(WORDS.level)}
        placeholder={t(WORDS.level)}
        value={level ?? null}
        onChange={(value) => change({ level: value })}
        style={{ width: 140 }}
        options={["high", "medium", "low"].map((value) => ({ value, label: name("levels", value) }))}
      />
      {error ? (
        <Failed error={error} retry={() => void Promise.all([cases.refetch(), clocks.refetch()])} />
      ) : null}
      {!error && !(cases.data && clocks.data) ? <Loading /> : null}
      {cases.data?.items.length === 0 && <Nothing words={WORDS.none} />}
      {cases.data?.next && <Alert type="info" showIcon title={t(WORDS.first, { count: MOST })} />}
      {cases.data && clocks.data && cases.data.items.length > 0 && (
        <div className="board">
          {board(cases.data.items, clocks.data.items).map((column) => (
            <section key={column.key} aria-labelledby={`column-${column.key}`}>
              <Typography.Title level={2} id={`column-${column.key}`}>
                {t(WORDS[column.key as keyof typeof WORDS])} ({column.entries.length})
              </Typography.Title>
              {column.entries.length === 0 && (
                <Typography.Text type="secondary">{t(WORDS.empty)}</Typography.Text>
              )}
              {column.entries.map((entry) => (
                <CaseCard key={entry.case.id} entry={entry} />
              ))}
            </section>
          ))}
        </div>
      )}
    </>
  );
}

function CaseCard({ entry }: { entry: Entry }) {
  const name = useName();
  return (
    <Card size="small" className={`case-${entry.case.level}`}>
      <Flex vertical gap={4}>
        <Flex gap={4} wrap>
          <Link to={`/cases/${entry.case.id}`}>{entry.case.number}</Link>
          <Mark tone={TONES[entry.case.level]}>{name("levels", entry.case.level)}</Mark>
        </Flex>
        <span>
          {entry.case.debtor_name ?? "—"} · {name("case_states", entry.case.state)}
        </span>
        <Due deadline={entry.next} />
      </Flex>
    </Card>
  );
}

function Due({ deadline }: { deadline: Deadline | null }) {
  const t = useSay();
  const { lang } = useLanguage();
  const { moment, distance } = useClock();
  if (!deadline?.due_at) {
    return <Typography.Text type="secondary">{t(WORDS.noClock)}</Typography.Text>;
  }
  return (
    <span title={moment(deadline.due_at)}>
      <ClockCircleOutlined aria-hidden="true" /> {deadline.title[lang]}: {distance(deadline.due_at)}{" "}
      {deadline.standing === "overdue" && <Mark tone="bad">{t(WORDS.overdue)}</Mark>}
    </span>
  );
}
