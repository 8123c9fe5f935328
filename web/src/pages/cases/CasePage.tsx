import { Breadcrumb, Card, Descriptions, Flex, Typography } from "antd";
import { Link, useParams } from "react-router";
import { API, api, type Schemas } from "../../api/client";
import { VALUES, wordsOf } from "../../app/forms/words";
import { NotThere } from "../../app/NotThere";
import { useNameOf } from "../../app/people";
import { useClock, useMay, useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { Failed, Loading } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { Actions } from "./Actions";
import { Clocks } from "./Clocks";
import { type Handled, Handling } from "./Handling";
import { Timeline } from "./Timeline";

const WORDS = {
  ledger: { zh: "台账", en: "Ledger" },
  debtor: { zh: "债务人", en: "Debtor" },
  contact: { zh: "联系方式", en: "Contact" },
  amount: { zh: "欠款", en: "Amount due" },
  client: { zh: "委托方", en: "Creditor" },
  source: { zh: "来源", en: "Source" },
  seen: { zh: "发生时间", en: "Happened" },
  opened: { zh: "立案时间", en: "Opened" },
  collector: { zh: "催收员", en: "Collector" },
  reporter: { zh: "报备人", en: "Reported by" },
  reviewer: { zh: "审核人", en: "Reviewed by" },
  handler: { zh: "处理人", en: "Handler" },
  result: { zh: "结果", en: "Result" },
  calls: { zh: "相关通话", en: "Calls" },
  call: { zh: "通话 {id}", en: "Call {id}" },
  evidence: { zh: "下载证据包", en: "Download the evidence" },
  advice: { zh: "处理建议", en: "What is advised" },
  selfHarm: { zh: "涉及自伤", en: "Words of self-harm" },
} satisfies Record<string, Words>;

/** One case: what it is, what may be done with it now, its clocks, its handling, and all that happened. */
export function CasePage() {
  const { id = "" } = useParams();
  return /^\d{1,9}$/.test(id) ? <OneCase id={Number(id)} /> : <NotThere />;
}

function OneCase({ id }: { id: number }) {
  const t = useSay();
  const may = useMay();
  const name = useName();
  const path = { case_id: id };
  const found = api.useQuery("get", "/api/v1/cases/{case_id}", { params: { path } });
  if (found.error) {
    return <Failed error={found.error} retry={found.refetch} />;
  }
  if (!found.data) {
    return <Loading />;
  }
  const shown = found.data;
  const handled = shown.handling as Handled;
  return (
    <>
      <Breadcrumb items={[{ title: <Link to="/cases">{t(WORDS.ledger)}</Link> }, { title: shown.number }]} />
      <Flex gap="small" align="center" wrap>
        <Typography.Title level={1}>{shown.number}</Typography.Title>
        <Mark tone={TONES[shown.level]}>{name("levels", shown.level)}</Mark>
        <Mark>{name("case_states", shown.state)}</Mark>
        <Mark>{t(wordsOf(VALUES, shown.kind))}</Mark>
        {handled.flags?.includes("self_harm") && <Mark tone="bad">{t(WORDS.selfHarm)}</Mark>}
      </Flex>
      {may("cases.act") && <Actions seen={shown} />}
      <Facts shown={shown} calls={handled.calls ?? []} />
      <div className="case">
        <div>
          <Handling handled={handled} />
        </div>
        <div>
          {may("deadlines.read") && <Clocks caseId={id} />}
          <Timeline caseId={id} />
        </div>
      </div>
    </>
  );
}

function Facts({ shown, calls }: { shown: Schemas["CaseDetail"]; calls: readonly number[] }) {
  const t = useSay();
  const name = useName();
  const { lang } = useLanguage();
  const { moment } = useClock();
  const nameOf = useNameOf();
  const may = useMay();
  const advice = (shown.advice as Partial<Record<string, string>>)[lang];
  const facts: [keyof typeof WORDS, React.ReactNode][] = [
    ["debtor", shown.debtor_name],
    ["contact", shown.contact],
    ["amount", shown.amount_due && `${shown.amount_due} ${shown.currency ?? ""}`],
    ["client", shown.client],
    ["source", t(wordsOf(VALUES, shown.source))],
    ["seen", moment(shown.first_seen_at)],
    ["opened", moment(shown.opened_at)],
    ["collector", [nameOf(shown.collector_id), shown.team].filter(Boolean).join(" · ")],
    ["reporter", shown.reporter_id === "system" ? name("roles", "system") : nameOf(shown.reporter_id)],
    ["reviewer", nameOf(shown.reviewer_id)],
    ["handler", nameOf(shown.handler_id)],
    ["result", shown.result && t(wordsOf(VALUES, shown.result))],
  ];
  const items = facts.map(([key, value]) => ({ key, label: t(WORDS[key]), children: value || "—" }));
  const links = calls.map((call) => (
    <span key={call}>
      <Link to={`/calls/${call}`}>{t(WORDS.call, { id: call })}</Link>
      {may("evidence.export") && (
        <>
          {" · "}
          <a href={`${API}/calls/${call}/evidence`} download>
            {t(WORDS.evidence)}
          </a>
        </>
      )}
    </span>
  ));
  return (
    <Card className="block">
      <Descriptions size="small" column={{ xs: 1, md: 2, xl: 4 }} items={items} />
      {advice && (
        <Typography.Paragraph className="advice">
          <strong>{t(WORDS.advice)}</strong>: {advice}
        </Typography.Paragraph>
      )}
      {links.length > 0 && (
        <Flex gap="small" wrap>
          <strong>{t(WORDS.calls)}</strong> {links}
        </Flex>
      )}
    </Card>
  );
}
