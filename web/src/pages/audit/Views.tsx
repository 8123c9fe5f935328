import { Flex, Input, Segmented, Table, Typography } from "antd";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "查看记录", en: "Who saw what" },
  none: { zh: "没有这样的记录。", en: "There is no such entry." },
  actor: { zh: "谁", en: "Who" },
  export: { zh: "导出件编号", en: "Id on an export" },
  what: { zh: "方式", en: "How" },
  all: { zh: "全部", en: "All" },
  listen: { zh: "收听", en: "listened" },
  unmask: { zh: "查看原文", en: "saw in full" },
  export_: { zh: "导出", en: "exported" },
  subject: { zh: "对象", en: "What" },
  masked: { zh: "遮蔽", en: "Masked" },
  full: { zh: "完整", en: "In full" },
  reason: { zh: "理由", en: "Why" },
  at: { zh: "时间", en: "When" },
  heard: { zh: "所听片段", en: "Heard" },
} satisfies Record<string, Words>;

const WAYS = ["listen", "unmask", "export"] as const;
type View = Schemas["ViewOut"];

/** Every listening, unmasking and export, newest first. */
export function Views() {
  const t = useSay();
  const { moment } = useClock();
  const [filters, change] = useAddress("actor", "export", "what", "masked", "cursor");
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/views", {
    params: { query: filters as object },
  });
  const way = (what: View["what"]) => t(what === "export" ? WORDS.export_ : WORDS[what]);
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Flex gap="small" wrap className="filters">
        {(["actor", "export"] as const).map((name) => (
          <Input.Search
            key={name}
            aria-label={t(WORDS[name])}
            placeholder={t(WORDS[name])}
            defaultValue={filters[name]}
            allowClear
            onSearch={(text) => change({ [name]: text })}
            style={{ width: 220 }}
          />
        ))}
        <Segmented
          aria-label={t(WORDS.what)}
          value={filters.what ?? ""}
          onChange={(what) => change({ what })}
          options={[
            { value: "", label: t(WORDS.all) },
            ...WAYS.map((value) => ({ value, label: way(value) })),
          ]}
        />
      </Flex>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<View>
          rowKey="id"
          size="small"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          pagination={false}
          scroll={{ x: 900 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={[
            { title: t(WORDS.at), render: (_, each) => moment(each.began_at) },
            { title: t(WORDS.actor), dataIndex: "actor" },
            { title: t(WORDS.what), render: (_, each) => way(each.what) },
            {
              title: t(WORDS.subject),
              render: (_, each) =>
                each.call_id === null ? (
                  each.subject
                ) : (
                  <Link to={`/calls/${each.call_id}`}>{each.subject}</Link>
                ),
            },
            {
              title: t(WORDS.masked),
              render: (_, each) => (
                <Mark tone={each.masked ? "good" : "warn"}>{t(each.masked ? WORDS.masked : WORDS.full)}</Mark>
              ),
            },
            {
              title: t(WORDS.heard),
              render: (_, each) =>
                each.heard?.map(([from = 0, to = 0]) => `${position(from)}–${position(to)}`).join(" ") ?? "—",
            },
            { title: t(WORDS.reason), render: (_, each) => each.reason ?? "—" },
          ]}
        />
      )}
      <Pages next={data?.next} />
    </>
  );
}
