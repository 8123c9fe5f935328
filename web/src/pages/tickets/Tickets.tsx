import { Flex, Segmented, Select, Table, Typography } from "antd";
import type { ColumnsType } from "antd/es/table";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useNameOf } from "../../app/people";
import { useClock, useName, useWho } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "质检工单", en: "Review queue" },
  none: { zh: "没有这样的工单。", en: "There is no such ticket." },
  todo: { zh: "等我处理", en: "Waiting for me" },
  sort: { zh: "排序", en: "Order" },
  pressing: { zh: "最急优先", en: "Most pressing first" },
  newest: { zh: "最新优先", en: "Newest first" },
  anyPriority: { zh: "任何优先级", en: "Any priority" },
  all: { zh: "全部", en: "All" },
  mine: { zh: "我的", en: "Mine" },
  ticket: { zh: "工单", en: "Ticket" },
  call: { zh: "通话", en: "Call" },
  priority: { zh: "优先级", en: "Priority" },
  state: { zh: "状态", en: "State" },
  why: { zh: "为什么要看", en: "Why a person should look" },
  collector: { zh: "催收员", en: "Collector" },
  reviewer: { zh: "质检员", en: "Reviewer" },
  opened: { zh: "开单", en: "Opened" },
} satisfies Record<string, Words>;

const STATES = ["open", "draft", "shared", "appealed", "acknowledged", "final"] as const;

type Ticket = Schemas["TicketOut"];

const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

/** The queue of calls that people look at; the most pressing first. */
export default function Tickets() {
  const t = useSay();
  const name = useName();
  const who = useWho();
  const columns = useColumns();
  const [filters, change] = useAddress("state", "reviewer", "priority", "todo", "sort", "cursor");
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/tickets", {
    params: { query: { sort: "pressing", ...filters } as object },
  });
  const whose = filters.todo ? "todo" : filters.reviewer === who.person ? "mine" : "all";
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Flex gap="small" wrap className="filters">
        <Segmented
          aria-label={t(WORDS.reviewer)}
          value={whose}
          onChange={(value) =>
            change({ reviewer: value === "mine" ? who.person : null, todo: value === "todo" ? "true" : null })
          }
          options={(["all", "todo", "mine"] as const).map((value) => ({ value, label: t(WORDS[value]) }))}
        />
        <Segmented
          aria-label={t(WORDS.state)}
          value={filters.state ?? ""}
          onChange={(state) => change({ state })}
          options={[
            { value: "", label: t(WORDS.all) },
            ...STATES.map((value) => ({ value, label: name("ticket_states", value) })),
          ]}
        />
        <Select
          aria-label={t(WORDS.priority)}
          value={filters.priority ?? ""}
          onChange={(priority) => change({ priority })}
          style={{ width: 150 }}
          options={[
            { value: "", label: t(WORDS.anyPriority) },
            ...PRIORITIES.map((value) => ({ value, label: name("priorities", value) })),
          ]}
        />
        <Select
          aria-label={t(WORDS.sort)}
          value={filters.sort ?? "pressing"}
          onChange={(sort) => change({ sort: sort === "pressing" ? null : sort })}
          style={{ width: 190 }}
          options={(["pressing", "newest"] as const).map((value) => ({ value, label: t(WORDS[value]) }))}
        />
      </Flex>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Ticket>
          rowKey="id"
          size="middle"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          columns={columns}
          pagination={false}
          scroll={{ x: 900 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
        />
      )}
      <Pages next={data?.next} />
    </>
  );
}

function useColumns(): ColumnsType<Ticket> {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  const nameOf = useNameOf();
  return [
    {
      title: t(WORDS.ticket),
      render: (_, ticket) => <Link to={`/calls/${ticket.call_id}`}>{ticket.call.split("/").at(-1)}</Link>,
    },
    {
      title: t(WORDS.priority),
      render: (_, { priority }) => <Mark tone={TONES[priority]}>{name("priorities", priority)}</Mark>,
    },
    { title: t(WORDS.state), render: (_, { state }) => <Mark>{name("ticket_states", state)}</Mark> },
    {
      title: t(WORDS.why),
      width: "45%",
      render: (_, { reasons }) => (
        <Typography.Paragraph ellipsis={{ rows: 2, tooltip: false }} style={{ margin: 0 }}>
          {reasons.join(" ")}
        </Typography.Paragraph>
      ),
    },
    { title: t(WORDS.collector), render: (_, ticket) => nameOf(ticket.collector_id) ?? "—" },
    { title: t(WORDS.reviewer), render: (_, ticket) => nameOf(ticket.assigned_to) ?? "—" },
    { title: t(WORDS.opened), render: (_, ticket) => moment(ticket.opened_at) },
  ];
}
