import { CheckCircleOutlined, CloseCircleOutlined } from "@ant-design/icons";
import { Alert, Breadcrumb, Button, Card, Descriptions, List, Tree, Typography } from "antd";
import { Link, useParams } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useClock, useMay, useName } from "../../app/session";
import { Mark } from "../../shared/Mark";
import { Failed, Loading } from "../../shared/States";
import { type Lang, useLanguage, useSay, type Words } from "../../shared/words";
import { TryBox } from "./TryBox";
import { CONFIDENCES, KINDS, SHIPPED, STATUSES } from "./words";

const WORDS = {
  rules: { zh: "规则", en: "Rules" },
  change: { zh: "修改规则", en: "Change the rule" },
  looksFor: { zh: "要找什么", en: "What it looks for" },
  sources: { zh: "依据", en: "Sources" },
  examples: { zh: "示例", en: "Examples" },
  violates: { zh: "应当命中", en: "Must be found" },
  allowed: { zh: "不应命中", en: "Must stay silent" },
  passes: { zh: "通过", en: "passes" },
  fails: { zh: "不通过", en: "fails" },
  better: { zh: "更好的说法", en: "Better wording" },
  why: { zh: "为什么", en: "Why" },
  written: { zh: "规则原文", en: "As it is written" },
  overturns: { zh: "复核推翻率", en: "Overturned by people" },
  overturned: {
    zh: "{overturned} / {decided}（95 % 区间 {low} – {high}）",
    en: "{overturned} of {decided} (95 %: {low} – {high})",
  },
  undecided: { zh: "尚无人复核", en: "Nobody has reviewed its findings yet" },
  advises: { zh: "推翻过多，自 {when} 起仅作提示", en: "Overturned too often: only advises since {when}" },
  trial: { zh: "试运行结果", en: "On trial" },
  trialFound: {
    zh: "最近 {looked} 通中命中 {calls} 通，{findings} 处",
    en: "{findings} findings in {calls} of the newest {looked} calls",
  },
  status: { zh: "状态", en: "Status" },
  severity: { zh: "严重程度", en: "Severity" },
  category: { zh: "类别", en: "Category" },
  points: { zh: "扣分", en: "Points" },
  person: { zh: "均由人判定", en: "A person always decides" },
} satisfies Record<string, Words>;

type Rule = Schemas["RuleDetail"];
type Part = Schemas["PartOut"];

/** All about one rule: what it looks for, why, and how it does. */
export function RulePage() {
  const t = useSay();
  const { lang } = useLanguage();
  const may = useMay();
  const { pack = "", rule = "" } = useParams();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/packs/{pack}/rules/{rule}", {
    params: { path: { pack, rule } },
  });
  const packed = api.useQuery("get", "/api/v1/packs/{pack}", { params: { path: { pack } } });
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  const way = [
    { title: <Link to="/rules">{t(WORDS.rules)}</Link> },
    { title: <Link to={`/rules/${encodeURIComponent(pack)}`}>{pack}</Link> },
    { title: data.rule },
  ];
  return (
    <>
      <Breadcrumb items={way} />
      <Typography.Title level={1}>{data.title[lang]}</Typography.Title>
      {may("rules.propose") && packed.data?.shipped === false && (
        <Link to={`/rules/${pack}/${data.rule}/edit`}>
          <Button>{t(WORDS.change)}</Button>
        </Link>
      )}
      {packed.data?.shipped && <Typography.Paragraph type="secondary">{t(SHIPPED)}</Typography.Paragraph>}
      <Facts rule={data} />
      {data.why && <Typography.Paragraph>{data.why[lang]}</Typography.Paragraph>}
      {data.advice && <Alert type="success" title={`${t(WORDS.better)}: ${data.advice[lang]}`} />}
      <Typography.Title level={2}>{t(WORDS.looksFor)}</Typography.Title>
      <Tree selectable={false} defaultExpandAll treeData={branches(data.looks_for, lang)} />
      <Sources rule={data} />
      <Examples rule={data} />
      <TryBox rule={data.rule} pack={pack} />
      <Typography.Title level={2}>{t(WORDS.written)}</Typography.Title>
      <Typography.Text type="secondary">{`${data.file}:${data.line}`}</Typography.Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre className="code" tabIndex={0}>
        {data.text}
      </pre>
    </>
  );
}

function Facts({ rule }: { rule: Rule }) {
  const t = useSay();
  const name = useName();
  const { moment } = useClock();
  const { overturns, shadow } = rule;
  const share = (value: number) => `${Math.round(value * 100)} %`;
  const said = overturns.decided
    ? t(WORDS.overturned, {
        overturned: overturns.overturned,
        decided: overturns.decided,
        low: share(overturns.low),
        high: share(overturns.high),
      })
    : t(WORDS.undecided);
  const items = [
    { label: t(WORDS.status), children: t(STATUSES[rule.status] as Words) },
    {
      label: t(WORDS.category),
      children: `${name("categories", rule.category)} (${t(KINDS[rule.kind] as Words)})`,
    },
    { label: t(WORDS.severity), children: name("severities", rule.severity) },
    { label: t(WORDS.points), children: rule.points },
    { label: t(WORDS.overturns), children: said },
    ...(shadow
      ? [
          {
            label: t(WORDS.trial),
            children: t(WORDS.trialFound, { looked: shadow.looked_at, ...shadow, newest: "" }),
          },
        ]
      : []),
  ].map((item, key) => ({ ...item, key }));
  return (
    <>
      {overturns.dropped_at && (
        <Alert type="warning" showIcon title={t(WORDS.advises, { when: moment(overturns.dropped_at) })} />
      )}
      {!rule.certain && <Mark tone="info">{t(WORDS.person)}</Mark>}
      <Descriptions size="small" bordered column={{ xs: 1, md: 2 }} items={items} />
    </>
  );
}

type Branch = { key: string; title: string; children: Branch[] };

function branches(parts: readonly Part[], lang: Lang, at = ""): Branch[] {
  return parts.map((part, index) => {
    const key = `${at}${index}`;
    const title = `${part.role[lang]}: ${part.says[lang]}`;
    return { key, title, children: branches(part.parts, lang, `${key}.`) };
  });
}

function Sources({ rule }: { rule: Rule }) {
  const t = useSay();
  const { lang } = useLanguage();
  return (
    <Card title={t(WORDS.sources)} className="block">
      <List
        dataSource={rule.citations}
        renderItem={(each) => (
          <List.Item>
            <List.Item.Meta
              title={`${each.title[lang]} ${each.article}`}
              description={
                <>
                  {each.quote && <blockquote>{each.quote}</blockquote>}
                  <Mark>
                    {CONFIDENCES[each.confidence]
                      ? t(CONFIDENCES[each.confidence] as Words)
                      : each.confidence}
                  </Mark>
                  {each.binding && <Mark>{each.binding[lang]}</Mark>}
                </>
              }
            />
          </List.Item>
        )}
      />
    </Card>
  );
}

function Examples({ rule }: { rule: Rule }) {
  const t = useSay();
  const { lang } = useLanguage();
  return (
    <Card title={t(WORDS.examples)} className="block">
      {(["violates", "allowed"] as const).map((expected) => (
        <List
          key={expected}
          header={<strong>{t(WORDS[expected])}</strong>}
          dataSource={rule.tests.filter((each) => each.expected === expected)}
          renderItem={(each) => (
            <List.Item>
              <span>
                {each.passes ? (
                  <CheckCircleOutlined className="good" />
                ) : (
                  <CloseCircleOutlined className="bad" />
                )}{" "}
                {t(each.passes ? WORDS.passes : WORDS.fails)} {each.text[lang]}
              </span>
            </List.Item>
          )}
        />
      ))}
    </Card>
  );
}
