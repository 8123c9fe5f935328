import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Flex, Segmented, Table, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, type Tone } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Channels } from "./Channels";

const WORDS = {
  title: { zh: "通知", en: "Notices" },
  none: { zh: "没有这样的通知。", en: "There is no such notice." },
  all: { zh: "全部", en: "All" },
  state: { zh: "状态", en: "State" },
  waiting: { zh: "等待发送", en: "waiting" },
  sent: { zh: "已发送", en: "sent" },
  gathered: { zh: "并入汇总", en: "in a digest" },
  dead: { zh: "发送失败", en: "gave up" },
  at: { zh: "时间", en: "When" },
  kind: { zh: "内容", en: "What" },
  case: { zh: "案件", en: "Case" },
  channel: { zh: "渠道", en: "Channel" },
  to: { zh: "收件人", en: "To" },
  everybody: { zh: "渠道全体", en: "everybody there" },
  attempts: { zh: "尝试次数", en: "Attempts" },
  reason: { zh: "原因", en: "Why" },
  again: { zh: "重发", en: "Send again" },
  againWhich: { zh: "重发通知 {id}", en: "Send notice {id} again" },
  done: { zh: "已重新排队发送。", en: "It will be sent again." },
} satisfies Record<string, Words>;

type Notice = Schemas["NoticeOut"];

const STATES: Readonly<Record<Notice["state"], Tone>> = {
  waiting: "info",
  sent: "good",
  gathered: "plain",
  dead: "bad",
};

/** Who was told of what by which channel and how it went; what gave up can be sent again. */
export default function Notices() {
  const t = useSay();
  const [{ state, cursor }, change] = useAddress("state", "cursor");
  const queries = useQueryClient();
  const { message } = App.useApp();
  const query = { ...(state && { state }), ...(cursor && { cursor }) } as object;
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/notices", { params: { query } });
  const resend = api.useMutation("post", "/api/v1/notices/{notice}/resend", {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", "/api/v1/notices"] });
      void message.success(t(WORDS.done));
    },
  });
  const columns = useColumns((notice) => resend.mutate({ params: { path: { notice } } }));
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Flex className="filters">
        <Segmented
          aria-label={t(WORDS.state)}
          value={state ?? ""}
          onChange={(value) => change({ state: value })}
          options={[
            { value: "", label: t(WORDS.all) },
            ...(Object.keys(STATES) as Notice["state"][]).map((value) => ({ value, label: t(WORDS[value]) })),
          ]}
        />
      </Flex>
      {resend.error && <Failed error={resend.error} />}
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Notice>
          rowKey="id"
          size="small"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          pagination={false}
          scroll={{ x: 900 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={columns}
        />
      )}
      <Pages next={data?.next} />
      <Channels />
    </>
  );
}

function useColumns(again: (notice: number) => void) {
  const t = useSay();
  const may = useMay();
  const { moment } = useClock();
  const about = (each: Notice) =>
    each.case_id !== null && may("cases.read") ? (
      <Link to={`/cases/${each.case_id}`}>{each.number}</Link>
    ) : (
      (each.number ?? "—")
    );
  const button = (each: Notice) => (
    <Button size="small" onClick={() => again(each.id)} aria-label={t(WORDS.againWhich, { id: each.id })}>
      {t(WORDS.again)}
    </Button>
  );
  const column = (title: Words, render: (each: Notice) => React.ReactNode) => ({
    title: t(title),
    render: (_: unknown, each: Notice) => render(each),
  });
  return [
    column(WORDS.at, (each) => moment(each.created_at)),
    column(WORDS.kind, (each) => each.kind),
    column(WORDS.case, about),
    column(WORDS.channel, (each) => each.channel),
    column(WORDS.to, (each) => each.recipient ?? t(WORDS.everybody)),
    column(WORDS.state, (each) => <Mark tone={STATES[each.state]}>{t(WORDS[each.state])}</Mark>),
    column(WORDS.attempts, (each) => each.attempts),
    column(WORDS.reason, (each) => each.reason ?? "—"),
    {
      title: "",
      render: (_: unknown, each: Notice) => each.state === "dead" && may("notices.resend") && button(each),
    },
  ];
}
