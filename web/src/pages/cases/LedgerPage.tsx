import { DownloadOutlined } from "@ant-design/icons";
import { Button, Flex, Table, Typography } from "antd";
import type { ColumnsType } from "antd/es/table";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { VALUES, wordsOf } from "../../app/forms/words";
import { useClock, useMay, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Pages } from "../../shared/Pages";
import { Failed, Loading, Nothing } from "../../shared/States";
import { momentOf } from "../../shared/wall";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { LedgerFilters } from "./LedgerFilters";
import { asked, exportOf, NAMES } from "./ledger";

const WORDS = {
  title: { zh: "投诉预警报备台账", en: "Ledger of warnings and complaints" },
  number: { zh: "编号", en: "Number" },
  debtor: { zh: "债务人", en: "Debtor" },
  level: { zh: "等级", en: "Level" },
  score: { zh: "分数", en: "Score" },
  state: { zh: "状态", en: "State" },
  source: { zh: "来源", en: "Source" },
  time: { zh: "发生时间", en: "Happened" },
  amount: { zh: "欠款", en: "Amount due" },
  handler: { zh: "处理人", en: "Handler" },
  collector: { zh: "催收员", en: "Collector" },
  team: { zh: "团队", en: "Team" },
  result: { zh: "结果", en: "Result" },
  overdue: { zh: "超时", en: "Overdue" },
  none: { zh: "没有符合条件的记录。", en: "No line fits these filters." },
  csv: { zh: "导出 CSV", en: "Export CSV" },
  xlsx: { zh: "导出 Excel", en: "Export Excel" },
} satisfies Record<string, Words>;

type Line = Schemas["LedgerLineOut"];

/** The ledger: filtered and sorted by the server, as the address says, and exported as it is shown. */
export function LedgerPage() {
  const t = useSay();
  const may = useMay();
  const { lang } = useLanguage();
  const { zone } = useClock();
  const [shown, change] = useAddress(...NAMES);
  const columns = useColumns(shown.sort ?? "entered", shown.order ?? "desc");
  const day = (date: string) => momentOf(`${date}T00:00`, zone);
  const { data, error, refetch, isFetching } = api.useQuery("get", "/api/v1/ledger", {
    params: { query: asked(shown, day) },
  });
  return (
    <>
      <Typography.Title level={1}>{t(WORDS.title)}</Typography.Title>
      <LedgerFilters shown={shown} change={change} />
      {may("ledger.export") && (
        <Flex gap="small" justify="end">
          {(["csv", "xlsx"] as const).map((form) => (
            <Button
              key={form}
              icon={<DownloadOutlined aria-hidden />}
              href={exportOf(form, shown, lang, day)}
              download
            >
              {t(WORDS[form])}
            </Button>
          ))}
        </Flex>
      )}
      {error ? <Failed error={error} retry={refetch} /> : null}
      {!data && !error ? <Loading /> : null}
      {data?.items.length === 0 && <Nothing words={WORDS.none} />}
      {data && data.items.length > 0 && (
        <Table<Line>
          rowKey="case_id"
          size="small"
          loading={isFetching}
          dataSource={data.items}
          columns={columns}
          pagination={false}
          scroll={{ x: "max-content" }}
          sortDirections={["ascend", "descend", "ascend"]}
          onChange={(_page, _filters, sorter) => {
            const one = Array.isArray(sorter) ? sorter[0] : sorter;
            change({
              sort: String(one?.columnKey ?? "entered"),
              order: one?.order === "ascend" ? "asc" : "desc",
            });
          }}
        />
      )}
      <Pages next={data?.next} />
    </>
  );
}

function useColumns(sort: string, order: string): ColumnsType<Line> {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  const column = (key: keyof typeof WORDS, render: (line: Line) => React.ReactNode) => ({
    key,
    title: t(WORDS[key]),
    sorter: true,
    sortOrder: sort === key ? (order === "asc" ? ("ascend" as const) : ("descend" as const)) : null,
    render: (_: unknown, line: Line) => render(line),
  });
  return [
    column("number", (line) => (
      <>
        <Link to={`/cases/${line.case_id}`}>{line.number}</Link>{" "}
        {line.overdue && <Mark tone="bad">{t(WORDS.overdue)}</Mark>}
      </>
    )),
    column("level", (line) => <Mark tone={TONES[line.level]}>{name("levels", line.level)}</Mark>),
    column("score", (line) => line.score ?? "—"),
    column("state", (line) => name("case_states", line.state)),
    column("debtor", (line) => line.debtor ?? "—"),
    column("source", (line) => t(wordsOf(VALUES, line.source))),
    column("time", (line) => moment(line.time)),
    column("amount", (line) => (line.amount ? `${line.amount} ${line.currency ?? ""}` : "—")),
    column("collector", (line) => line.collector ?? "—"),
    column("team", (line) => line.team ?? "—"),
    column("handler", (line) => line.handler?.name ?? line.handler?.id ?? "—"),
    column("result", (line) => (line.result ? t(wordsOf(VALUES, line.result)) : "—")),
  ];
}
