import { Descriptions, Input, Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "删除证明", en: "Proof of deletion" },
  call: { zh: "通话（来源/编号，或原编号）", en: "Call (SOURCE/ID, or the number it had)" },
  searching: {
    zh: "正在检索全部数据表与录音库，可能较久…",
    en: "Searching every table and the store; this may take long …",
  },
  gone: { zh: "已彻底删除", en: "It is gone" },
  there: { zh: "没有删除，或仍有残留", en: "It was not deleted, or something is left" },
  result: { zh: "结论", en: "Result" },
  bytes: { zh: "录音文件", en: "Recording" },
  again: { zh: "再次送入会被拒收", en: "Would be refused if it came again" },
  yes: { zh: "是", en: "yes" },
  no: { zh: "否", en: "no" },
  present: { zh: "仍在", en: "still there" },
  absent: { zh: "不在", en: "not there" },
  deleted: { zh: "删除记录", en: "Deleted" },
  hits: { zh: "仍提到它的数据", en: "What still speaks of it" },
  table: { zh: "数据表", en: "Table" },
  column: { zh: "字段", en: "Column" },
  rows: { zh: "行数", en: "Rows" },
  kind: { zh: "性质", en: "What" },
  left: { zh: "残留", en: "left over" },
  mention: { zh: "依规保留的记录中提及", en: "a mention in what is kept" },
  none: { zh: "没有。", en: "Nothing." },
} satisfies Record<string, Words>;

/** Searches everything for what is left of a call that was deleted. */
export function Proof() {
  const t = useSay();
  const [{ call }, change] = useAddress("call");
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/v1/retention/proof",
    { params: { query: { call: call ?? "" } } },
    { enabled: call !== undefined },
  );
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Input.Search
        className="filters"
        aria-label={t(WORDS.call)}
        placeholder={t(WORDS.call)}
        defaultValue={call}
        onSearch={(text) => change({ call: text.trim() })}
        style={{ maxWidth: 420 }}
      />
      {call !== undefined &&
        (error ? (
          <Failed error={error} retry={refetch} />
        ) : data ? (
          <Found proof={data} />
        ) : (
          <Loading words={WORDS.searching} />
        ))}
    </>
  );
}

function Found({ proof }: { proof: Schemas["ProofOut"] }) {
  const t = useSay();
  const { moment } = useClock();
  const deleted = proof.tombstones.map((each) => (
    <div key={each.id}>
      {moment(each.deleted_at)} · {each.deleted_by} · {each.clause}
    </div>
  ));
  return (
    <>
      <Descriptions
        column={1}
        bordered
        size="small"
        items={[
          {
            key: "result",
            label: t(WORDS.result),
            children: (
              <Mark tone={proof.gone ? "good" : "warn"}>{t(proof.gone ? WORDS.gone : WORDS.there)}</Mark>
            ),
          },
          {
            key: "bytes",
            label: t(WORDS.bytes),
            children: t(proof.bytes_there ? WORDS.present : WORDS.absent),
          },
          { key: "again", label: t(WORDS.again), children: t(proof.refused_again ? WORDS.yes : WORDS.no) },
          { key: "deleted", label: t(WORDS.deleted), children: deleted.length > 0 ? deleted : "—" },
        ]}
      />
      <Typography.Title level={2}>{t(WORDS.hits)}</Typography.Title>
      <Table
        rowKey={({ table, column }) => `${table}.${column}`}
        size="small"
        dataSource={proof.hits}
        pagination={false}
        locale={{ emptyText: t(WORDS.none) }}
        columns={[
          { title: t(WORDS.table), dataIndex: "table" },
          { title: t(WORDS.column), dataIndex: "column" },
          { title: t(WORDS.rows), dataIndex: "rows", align: "right" },
          {
            title: t(WORDS.kind),
            render: (_, each) => t(each.kind === "left" ? WORDS.left : WORDS.mention),
          },
        ]}
      />
    </>
  );
}
