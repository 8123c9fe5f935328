import { List, Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay } from "../../app/session";
import { Mark, type Tone } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { Engines } from "./Engines";
import { FailedCalls } from "./FailedCalls";

const WORDS = {
  title: { zh: "运行状况", en: "Health" },
  checks: { zh: "检查", en: "Checks" },
  queues: { zh: "队列", en: "Queues" },
  idle: { zh: "没有等待处理的通话。", en: "No call waits." },
  stage: { zh: "环节", en: "Stage" },
  lane: { zh: "通道", en: "Lane" },
  waiting: { zh: "等待", en: "Waiting" },
  oldest: { zh: "最早", en: "Oldest" },
  version: { zh: "版本 {version}", en: "Version {version}" },
} satisfies Record<string, Words>;

const TONES: Record<string, Tone> = {
  ok: "good",
  warning: "warn",
  unknown: "warn",
  failed: "bad",
  error: "bad",
};
// How the work stands changes by the minute without any event that says so.
const EVERY_MS = 30_000;

type Queue = Schemas["WorkOut"]["queues"][number];

/** How the installation is, how long calls wait, and which failed. */
export default function Health() {
  const t = useSay();
  const may = useMay();
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Checks />
      <Typography.Title level={2}>{t(WORDS.queues)}</Typography.Title>
      <Queues />
      <FailedCalls />
      {may("engines.read") && <Engines />}
    </>
  );
}

function Checks() {
  const t = useSay();
  const { lang } = useLanguage();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/health", {}, { refetchInterval: EVERY_MS });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <List
      bordered
      className="sheet"
      header={`${t(WORDS.checks)} ${t(WORDS.version, { version: data.version })}`}
      dataSource={data.checks}
      renderItem={(each) => (
        <List.Item>
          <span>
            <Mark tone={TONES[each.verdict]}>{each.verdict}</Mark> {each.said[lang]}
          </span>
        </List.Item>
      )}
    />
  );
}

function Queues() {
  const t = useSay();
  const { moment } = useClock();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/work", {}, { refetchInterval: EVERY_MS });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <Table<Queue>
      rowKey={({ stage, lane }) => `${stage}/${lane}`}
      size="small"
      dataSource={data.queues}
      pagination={false}
      locale={{ emptyText: <Nothing words={WORDS.idle} /> }}
      columns={[
        { title: t(WORDS.stage), dataIndex: "stage" },
        { title: t(WORDS.lane), dataIndex: "lane" },
        { title: t(WORDS.waiting), dataIndex: "waiting", align: "right" },
        {
          title: t(WORDS.oldest),
          render: (_, queue) => (queue.oldest_at ? moment(queue.oldest_at) : "—"),
        },
      ]}
    />
  );
}
