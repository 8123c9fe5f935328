import { Flex, Input, Table, Typography } from "antd";
import { api, type Schemas } from "../../api/client";
import { useClock } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Pages } from "../../shared/Pages";
import { Failed, Nothing } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { Verification } from "./Verification";

const WORDS = {
  title: { zh: "审计日志", en: "Audit log" },
  none: { zh: "没有这样的记录。", en: "There is no such entry." },
  actor: { zh: "操作者", en: "Who" },
  action: { zh: "操作（person.* 为一类）", en: "What (person.* for a kind)" },
  subject: { zh: "对象", en: "To what" },
  at: { zh: "时间", en: "When" },
  what: { zh: "操作", en: "What" },
  details: { zh: "详情", en: "Details" },
} satisfies Record<string, Words>;

const FILTERS = ["actor", "action", "subject"] as const;

type Entry = Schemas["EntryOut"];

/** The audit log, newest first, and whether its chain holds. */
export function Entries() {
  const t = useSay();
  const { moment } = useClock();
  const [filters, change] = useAddress(...FILTERS, "cursor");
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/audit", {
    params: { query: filters },
  });
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <Verification />
      <Flex gap="small" wrap className="filters">
        {FILTERS.map((name) => (
          <Input.Search
            key={name}
            aria-label={t(WORDS[name])}
            placeholder={t(WORDS[name])}
            defaultValue={filters[name]}
            allowClear
            onSearch={(text) => change({ [name]: text })}
            style={{ width: 250 }}
          />
        ))}
      </Flex>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Table<Entry>
          rowKey="seq"
          size="small"
          loading={isFetching && !data}
          dataSource={data?.items ?? []}
          pagination={false}
          scroll={{ x: 900 }}
          locale={{ emptyText: <Nothing words={WORDS.none} /> }}
          columns={[
            { title: "#", dataIndex: "seq", align: "right" },
            { title: t(WORDS.at), render: (_, each) => moment(each.at) },
            { title: t(WORDS.actor), dataIndex: "actor" },
            { title: t(WORDS.what), dataIndex: "action" },
            { title: t(WORDS.subject), dataIndex: "subject" },
            {
              title: t(WORDS.details),
              width: "35%",
              render: (_, each) => <code className="details">{JSON.stringify(each.details)}</code>,
            },
          ]}
        />
      )}
      <Pages next={data?.next} />
    </>
  );
}
