import { Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { CLASSES } from "./words";

const WORDS = {
  title: { zh: "计划与删除", en: "Plans and deletions" },
  none: { zh: "还没有运行过。", en: "Nothing has run yet." },
  began: { zh: "开始", en: "Began" },
  by: { zh: "发起", en: "By" },
  kind: { zh: "类型", en: "Kind" },
  plan: { zh: "计划", en: "plan" },
  run: { zh: "删除", en: "deletion" },
  policy: { zh: "规定", en: "Policy" },
  result: { zh: "结果", en: "Result" },
  counted: { zh: "{what}：删除 {goes}，保留 {kept}", en: "{what}: {goes} go, {kept} stay" },
  open: { zh: "未结束", en: "not ended" },
} satisfies Record<string, Words>;

type Run = Schemas["RunOut"];

/** What was planned and deleted, newest first. */
export function Runs() {
  const t = useSay();
  const { moment } = useClock();
  const [{ cursor }] = useAddress("cursor");
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/retention/runs", {
    params: { query: { ...(cursor && { cursor }) } },
  });
  const counted = (line: Run["result"][number]) => {
    const what = String(line.class);
    const kept = Object.values((line.kept ?? {}) as Record<string, number>).reduce((a, b) => a + b, 0);
    const words = { what: t(CLASSES[what] ?? { zh: what, en: what }), goes: Number(line.goes), kept };
    return t(WORDS.counted, words);
  };
  return (
    <>
      <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Run>
          rowKey="id"
          size="small"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          pagination={false}
          scroll={{ x: 700 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={[
            { title: t(WORDS.began), render: (_, run) => moment(run.started_at) },
            {
              title: t(WORDS.kind),
              render: (_, run) => <Mark>{t(run.kind === "run" ? WORDS.run : WORDS.plan)}</Mark>,
            },
            { title: t(WORDS.by), dataIndex: "started_by" },
            { title: t(WORDS.policy), dataIndex: "policy" },
            {
              title: t(WORDS.result),
              render: (_, run) =>
                run.ended_at === null ? t(WORDS.open) : run.result.map(counted).join("; ") || "—",
            },
          ]}
        />
      )}
      <Pages next={data?.next} />
    </>
  );
}
