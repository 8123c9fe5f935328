import { Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay, useWho } from "../../app/session";
import { Mark } from "../../shared/Mark";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Trial } from "./Trial";

const WORDS = {
  title: { zh: "通知渠道", en: "Channels" },
  none: {
    zh: "还没有配置渠道。渠道在服务器的通知配置文件中设置。",
    en: "There is no channel yet. Channels are set in the notices file on the server.",
  },
  name: { zh: "渠道", en: "Channel" },
  type: { zh: "类型", en: "Type" },
  target: { zh: "发往", en: "Speaks to" },
  waiting: { zh: "等待发送", en: "Waiting" },
  dead: { zh: "发送失败", en: "Gave up" },
  last: { zh: "最近一次", en: "Newest" },
  never: { zh: "尚未发送", en: "none yet" },
  missing: { zh: "缺少密钥：{names}", en: "Secrets missing: {names}" },
} satisfies Record<string, Words>;

type Channel = Schemas["ChannelOut"];

/** The channels of notices and how each stands. */
export function Channels() {
  const t = useSay();
  const { moment } = useClock();
  const may = useMay();
  const { person } = useWho();
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/notices/channels");
  return (
    <>
      <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Channel>
          rowKey="name"
          size="small"
          loading={isFetching && !data}
          dataSource={data ?? []}
          pagination={false}
          scroll={{ x: 700 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={[
            { title: t(WORDS.name), dataIndex: "name" },
            { title: t(WORDS.type), dataIndex: "type" },
            {
              title: t(WORDS.target),
              render: (_, { target, missing_secrets: missing }) =>
                missing.length > 0 ? (
                  <Mark tone="bad">{t(WORDS.missing, { names: missing.join(", ") })}</Mark>
                ) : (
                  target
                ),
            },
            { title: t(WORDS.waiting), dataIndex: "waiting", align: "right" },
            { title: t(WORDS.dead), dataIndex: "dead", align: "right" },
            {
              title: t(WORDS.last),
              render: (_, { last_at: at, last_reason: why }) =>
                at === null ? t(WORDS.never) : [moment(at), why].filter(Boolean).join(" · "),
            },
            ...(may("notices.resend")
              ? [
                  {
                    key: "trial",
                    render: (_: unknown, { name, type }: Channel) => (
                      <Trial
                        channel={name}
                        to={type === "email" ? person : null}
                        done={() => void refetch()}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </>
  );
}
