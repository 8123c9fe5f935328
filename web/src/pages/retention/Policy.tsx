import { Descriptions, Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useName } from "../../app/session";
import { Failed, Loading } from "../../shared/States";
import { useList, useSay, type Words } from "../../shared/words";
import { Runs } from "./Runs";
import { CLASSES, keptFor } from "./words";

const WORDS = {
  title: { zh: "保存期限", en: "How long things are kept" },
  policy: { zh: "规定", en: "Policy" },
  nightly: { zh: "每夜", en: "Every night" },
  run: { zh: "删除到期的数据", en: "deletes what is due" },
  plan: { zh: "只列出到期的数据，不删除", en: "only looks, deletes nothing" },
  off: { zh: "不自动运行", en: "nothing runs by itself" },
  hours: { zh: "{from}:00 至 {to}:00", en: "from {from}:00 to {to}:00" },
  order: { zh: "删除申请", en: "Orders of deletion" },
  two: { zh: "须两人", en: "take two persons" },
  one: { zh: "一人即可", en: "take one person" },
  class: { zh: "数据类别", en: "Class" },
  client: { zh: "委托方", en: "Creditor" },
  every: { zh: "全部", en: "every" },
  keep: { zh: "保存期限", en: "Kept for" },
  reason: { zh: "依据", en: "Why" },
} satisfies Record<string, Words>;

/** The policy of retention and what was deleted by it. The policy is a file on the server. */
export function Policy() {
  const t = useSay();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/retention");
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      {error ? <Failed error={error} retry={refetch} /> : data ? <Rules policy={data} /> : <Loading />}
      <Runs />
    </>
  );
}

function Rules({ policy }: { policy: Schemas["PolicyOut"] }) {
  const t = useSay();
  const list = useList();
  const name = useName();
  const named = (what: string) => t(CLASSES[what] ?? { zh: what, en: what });
  const nightly = { run: WORDS.run, plan: WORDS.plan, off: WORDS.off }[policy.nightly] ?? WORDS.off;
  const hours = t(WORDS.hours, { from: policy.from_hour, to: policy.to_hour });
  const persons = t(policy.two_persons ? WORDS.two : WORDS.one);
  const roles = list(policy.order_roles.map((role) => name("roles", role)));
  return (
    <>
      <Descriptions
        column={1}
        size="small"
        items={[
          { key: "policy", label: t(WORDS.policy), children: policy.policy },
          {
            key: "nightly",
            label: t(WORDS.nightly),
            children: policy.nightly === "off" ? t(nightly) : `${t(nightly)} (${hours})`,
          },
          { key: "order", label: t(WORDS.order), children: `${persons} (${roles})` },
        ]}
      />
      <Table<Schemas["ClassOut"]>
        rowKey={({ what, client }) => `${what} ${client ?? ""}`}
        size="small"
        dataSource={policy.classes}
        pagination={false}
        scroll={{ x: 600 }}
        columns={[
          { title: t(WORDS.class), render: (_, each) => named(each.what) },
          { title: t(WORDS.client), render: (_, each) => each.client ?? t(WORDS.every) },
          { title: t(WORDS.keep), render: (_, each) => t(keptFor(each.keep)) },
          { title: t(WORDS.reason), render: (_, each) => each.reason ?? "—" },
        ]}
      />
    </>
  );
}
