import { api } from "../../api/client";
import { useClock, useMay, useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { Waiting } from "./Waiting";

const WORDS = {
  tickets: { zh: "等我处理的工单", en: "Tickets that wait for me" },
  open: { zh: "待领取的工单", en: "Tickets that nobody has taken up" },
  deadlines: { zh: "48 小时内到期或已超时的投诉", en: "Complaints due within 48 hours, or overdue" },
  coaching: { zh: "超期的辅导任务", en: "Coaching tasks that are overdue" },
  failed: { zh: "未能处理的通话", en: "Calls that could not be worked on" },
  overdue: { zh: "已超时", en: "overdue" },
  due: { zh: "{far} 到期", en: "due {far}" },
  failures: { zh: "{count} 通", en: "{count} calls" },
} satisfies Record<string, Words>;

const FEW = 5;
const SOON_H = 48;

export function MyTickets() {
  return <Tickets title={WORDS.tickets} to="/tickets?todo=true" filters={{ todo: true }} />;
}

export function OpenTickets() {
  return <Tickets title={WORDS.open} to="/tickets?state=open" filters={{ state: "open" }} />;
}

type Filters = { todo?: boolean; state?: string };

function Tickets({ title, to, filters }: { title: Words; to: string; filters: Filters }) {
  const name = useName();
  const may = useMay();
  const query = { ...filters, sort: "pressing", limit: FEW } as const;
  const { data, error, refetch } = api.useQuery("get", "/api/v1/tickets", { params: { query } });
  const lines = data?.items.map((each) => ({
    key: each.id,
    to: may("trend.own") ? `/mine?ticket=${each.id}` : `/calls/${each.call_id}`,
    text: each.call.split("/").at(-1),
    mark: (
      <>
        <Mark tone={TONES[each.priority]}>{name("priorities", each.priority)}</Mark>
        <Mark>{name("ticket_states", each.state)}</Mark>
      </>
    ),
  }));
  return <Waiting title={title} to={to} lines={lines} error={error} retry={refetch} />;
}

export function Deadlines() {
  const t = useSay();
  const { lang } = useLanguage();
  const { distance } = useClock();
  const query = { within_hours: SOON_H, limit: FEW };
  const { data, error, refetch } = api.useQuery("get", "/api/v1/deadlines", { params: { query } });
  const lines = data?.items.map((each) => ({
    key: `${each.case_id} ${each.clock} ${each.number}`,
    to: `/cases/${each.case_id}`,
    text: `${each.case_number} ${each.title[lang]}`,
    mark: (
      <Mark tone={each.standing === "overdue" ? "bad" : "warn"}>
        {each.standing === "overdue"
          ? t(WORDS.overdue)
          : each.due_at && t(WORDS.due, { far: distance(each.due_at) })}
      </Mark>
    ),
  }));
  return <Waiting title={WORDS.deadlines} to="/cases/board" lines={lines} error={error} retry={refetch} />;
}

export function Coaching() {
  const query = { overdue: true, limit: FEW };
  const { data, error, refetch } = api.useQuery("get", "/api/v1/coaching", { params: { query } });
  const lines = data?.items.map((each) => ({
    key: each.id,
    to: "/team/coaching",
    text: `${each.collector} · ${each.goal}`,
    mark: <Mark tone="bad">{each.due_on}</Mark>,
  }));
  return <Waiting title={WORDS.coaching} to="/team/coaching" lines={lines} error={error} retry={refetch} />;
}

export function FailedCalls() {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/work");
  const lines = data?.failed.slice(0, FEW).map((each) => ({
    key: each.code,
    to: "/health",
    text: each.code,
    mark: <Mark tone="bad">{t(WORDS.failures, { count: each.count })}</Mark>,
  }));
  return <Waiting title={WORDS.failed} to="/health" lines={lines} error={error} retry={refetch} />;
}
