import { Table } from "antd";
import { api, type Schemas } from "../../api/client";
import { Mark, type Tone } from "../../shared/Mark";
import { percent } from "../../shared/numbers";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  judged: { zh: "依据", en: "As judged by" },
  people: { zh: "人工终审", en: "people" },
  machine: { zh: "系统质检", en: "the machine" },
  before: { zh: "辅导前", en: "Before" },
  after: { zh: "辅导后", en: "After" },
  change: { zh: "变化", en: "Change" },
  better: { zh: "改善", en: "better" },
  worse: { zh: "变差", en: "worse" },
  unclear: { zh: "不明显", en: "unclear" },
  too_few: { zh: "通话太少，不能判断", en: "too few calls to tell" },
  share: { zh: "{share}（{violating} / {calls} 通）", en: "{share} ({violating} of {calls} calls)" },
} satisfies Record<string, Words>;

const TONES: Record<string, Tone> = { better: "good", worse: "bad" };
type Line = Schemas["ComparisonOut"] & { by: "people" | "machine" };

/** The collector's calls before a task was done and after: whether it helped. */
export function Effect({ taskId }: { taskId: number }) {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/coaching/{task_id}/effect", {
    params: { path: { task_id: taskId } },
  });
  if (error || !data) {
    return error ? <Failed error={error} retry={refetch} /> : <Loading />;
  }
  const share = (each: Schemas["ShareOut"]) =>
    t(WORDS.share, { share: percent(each.share), violating: each.violating, calls: each.calls });
  return (
    <Table<Line>
      rowKey="by"
      size="small"
      pagination={false}
      dataSource={[
        { ...data.people, by: "people" },
        { ...data.machine, by: "machine" },
      ]}
      columns={[
        { title: t(WORDS.judged), render: (_, line) => t(WORDS[line.by]) },
        { title: t(WORDS.before), render: (_, line) => share(line.before) },
        { title: t(WORDS.after), render: (_, line) => share(line.after) },
        {
          title: t(WORDS.change),
          render: (_, line) => <Mark tone={TONES[line.change]}>{t(WORDS[line.change])}</Mark>,
        },
      ]}
    />
  );
}
