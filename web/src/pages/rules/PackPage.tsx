import { Breadcrumb, Button, Flex, Input, Select, Table, Typography } from "antd";
import type { ColumnsType } from "antd/es/table";
import { Link, useParams } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Loading } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { SHIPPED, STATUSES } from "./words";

const WORDS = {
  rules: { zh: "规则", en: "Rules" },
  text: { zh: "在规则中查找", en: "Find in the rules" },
  status: { zh: "状态", en: "Status" },
  severity: { zh: "严重程度", en: "Severity" },
  rule: { zh: "规则", en: "Rule" },
  category: { zh: "类别", en: "Category" },
  points: { zh: "扣分", en: "Points" },
  source: { zh: "依据", en: "Source" },
  advisory: { zh: "仅提示", en: "Advises only" },
  veto: { zh: "一票否决", en: "Veto" },
  versions: { zh: "版本", en: "Versions" },
  judging: { zh: "正在使用", en: "Judging" },
  proposed: { zh: "提出", en: "Proposed" },
  waits: { zh: "待批准", en: "Waits for approval" },
  stopped: { zh: "已停用", en: "Stopped" },
  add: { zh: "新规则", en: "A new rule" },
  approved: { zh: "批准", en: "Approved" },
} satisfies Record<string, Words>;

type Rule = Schemas["RuleOut"];
type Version = Schemas["PackVersionOut"];
type Status = Rule["status"];

/** One pack: its rules with filters, and its versions on record. */
export function PackPage() {
  const t = useSay();
  const { lang } = useLanguage();
  const may = useMay();
  const { pack = "" } = useParams();
  const detail = api.useQuery("get", "/api/v1/packs/{pack}", { params: { path: { pack } } });
  if (detail.error) {
    return <Failed error={detail.error} retry={detail.refetch} />;
  }
  if (!detail.data) {
    return <Loading />;
  }
  return (
    <>
      <Breadcrumb items={[{ title: <Link to="/rules">{t(WORDS.rules)}</Link> }, { title: pack }]} />
      <Typography.Title level={1}>{detail.data.title?.[lang] ?? pack}</Typography.Title>
      {detail.data.description && (
        <Typography.Paragraph>{detail.data.description[lang]}</Typography.Paragraph>
      )}
      {detail.data.shipped ? (
        <Typography.Paragraph type="secondary">{t(SHIPPED)}</Typography.Paragraph>
      ) : (
        may("rules.propose") && (
          <Link to={`/rules/${pack}/new`}>
            <Button>{t(WORDS.add)}</Button>
          </Link>
        )
      )}
      <RuleTable pack={pack} />
      <Typography.Title level={2}>{t(WORDS.versions)}</Typography.Title>
      <VersionTable versions={detail.data.versions} />
    </>
  );
}

function RuleTable({ pack }: { pack: string }) {
  const t = useSay();
  const name = useName();
  const columns = useColumns();
  const [filters, change] = useAddress("status", "severity", "text", "cursor");
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/packs/{pack}/rules", {
    params: { path: { pack }, query: filters as { status?: Status } },
  });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  return (
    <>
      <Flex gap="small" wrap className="filters">
        <Input.Search
          aria-label={t(WORDS.text)}
          placeholder={t(WORDS.text)}
          defaultValue={filters.text ?? ""}
          onSearch={(text) => change({ text })}
          allowClear
          style={{ width: 260 }}
        />
        <Select
          aria-label={t(WORDS.status)}
          placeholder={t(WORDS.status)}
          value={filters.status ?? null}
          onChange={(status) => change({ status })}
          allowClear
          style={{ width: 140 }}
          options={Object.entries(STATUSES).map(([value, words]) => ({ value, label: t(words) }))}
        />
        <Select
          aria-label={t(WORDS.severity)}
          placeholder={t(WORDS.severity)}
          value={filters.severity ?? null}
          onChange={(severity) => change({ severity })}
          allowClear
          style={{ width: 140 }}
          options={["critical", "major", "minor", "info"].map((value) => ({
            value,
            label: name("severities", value),
          }))}
        />
      </Flex>
      <Table<Rule>
        rowKey="rule"
        size="middle"
        loading={isFetching}
        dataSource={data?.items ?? []}
        columns={columns}
        pagination={false}
        scroll={{ x: "max-content" }}
      />
      <Pages next={data?.next} />
    </>
  );
}

function useColumns(): ColumnsType<Rule> {
  const t = useSay();
  const name = useName();
  const { lang } = useLanguage();
  return [
    {
      title: t(WORDS.rule),
      render: (_, rule) => (
        <>
          <Link to={encodeURIComponent(rule.rule)}>{rule.title[lang]}</Link>
          <br />
          <Typography.Text type="secondary">{rule.rule}</Typography.Text>
        </>
      ),
    },
    { title: t(WORDS.category), render: (_, rule) => name("categories", rule.category) },
    { title: t(WORDS.severity), render: (_, rule) => name("severities", rule.severity) },
    { title: t(WORDS.points), dataIndex: "points", align: "right" },
    {
      title: t(WORDS.status),
      render: (_, rule) => (
        <Flex gap={4} wrap>
          <Mark tone={rule.status === "stable" ? "good" : "plain"}>{t(STATUSES[rule.status] as Words)}</Mark>
          {rule.advisory && <Mark tone="warn">{t(WORDS.advisory)}</Mark>}
          {rule.veto && <Mark tone="bad">{t(WORDS.veto)}</Mark>}
        </Flex>
      ),
    },
    { title: t(WORDS.source), render: (_, rule) => rule.cite.join(", ") },
  ];
}

function VersionTable({ versions }: { versions: readonly Version[] }) {
  const t = useSay();
  const { moment } = useClock();
  return (
    <Table<Version>
      rowKey="number"
      size="small"
      dataSource={[...versions]}
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t(WORDS.versions),
          render: (_, each) => (
            <Flex gap="small" align="center" wrap>
              <Link to={`/rules/${each.pack}/proposals/${each.number}`}>{each.version}</Link>
              <Typography.Text type="secondary">{each.hash.slice(0, 12)}</Typography.Text>
              {each.judging && <Mark tone="good">{t(WORDS.judging)}</Mark>}
              {each.state === "proposed" && <Mark tone="warn">{t(WORDS.waits)}</Mark>}
              {each.state === "withdrawn" && <Mark>{t(WORDS.stopped)}</Mark>}
            </Flex>
          ),
        },
        { title: t(WORDS.proposed), render: (_, each) => `${each.proposed_by}, ${moment(each.proposed_at)}` },
        {
          title: t(WORDS.approved),
          render: (_, each) => (each.approved_by ? `${each.approved_by}, ${moment(each.approved_at)}` : "—"),
        },
      ]}
    />
  );
}
