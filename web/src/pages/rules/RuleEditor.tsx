import { Breadcrumb, Button, Flex, Input, Segmented, Typography } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "../../api/client";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { atStage, lineSpan, nextVersion, STAGES, type Stage, stageOf, template } from "./editing";
import { LintResult } from "./LintResult";
import { STATUSES } from "./words";

const WORDS = {
  rules: { zh: "规则", en: "Rules" },
  edit: { zh: "修改 {rule}", en: "Change {rule}" },
  add: { zh: "新规则", en: "A new rule" },
  text: { zh: "规则原文", en: "The rule as it is written" },
  stage: { zh: "阶段", en: "Stage" },
  propose: { zh: "提出新版本", en: "Propose this version" },
  how: {
    zh: "提出后由另一人批准才会生效；试运行（shadow）的规则只记录，不产生工单。",
    en: "It judges nothing until another person approves it. A rule on trial (shadow) is counted, and opens no ticket.",
  },
} satisfies Record<string, Words>;

// So long after the last key the text is checked.
const PAUSE_MS = 500;

/** Changes a rule, or writes a new one: checked while one types, proposed to a second person. */
export function RuleEditor() {
  const { pack = "", rule } = useParams();
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/v1/packs/{pack}/rules/{rule}",
    { params: { path: { pack, rule: rule ?? "" } } },
    { enabled: rule !== undefined },
  );
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (rule !== undefined && !data) {
    return <Loading />;
  }
  return <Editor pack={pack} rule={rule} begin={data ? nextVersion(data.text) : template(pack)} />;
}

function Editor({ pack, rule, begin }: { pack: string; rule: string | undefined; begin: string }) {
  const t = useSay();
  const go = useNavigate();
  const [text, setText] = useState(begin);
  const field = useRef<TextAreaRef>(null);
  const lint = api.useMutation("post", "/api/v1/rules/lint");
  const check = lint.mutate;
  useEffect(() => {
    const timer = setTimeout(() => check({ body: { pack, rules: [text], files: {} } }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [check, pack, text]);
  const propose = api.useMutation("post", "/api/v1/packs/{pack}/proposals", {
    onSuccess: ({ number }) => go(`/rules/${pack}/proposals/${number}`),
  });
  const toLine = (line: number) => {
    const area = field.current?.resizableTextArea?.textArea;
    area?.focus();
    area?.setSelectionRange(...lineSpan(text, line));
  };
  const way = [
    { title: <Link to="/rules">{t(WORDS.rules)}</Link> },
    { title: <Link to={`/rules/${pack}`}>{pack}</Link> },
    { title: rule ? <Link to={`/rules/${pack}/${rule}`}>{rule}</Link> : t(WORDS.add) },
  ];
  const wrong = lint.data === undefined || lint.data.problems.length > 0;
  return (
    <>
      <Breadcrumb items={way} />
      <Typography.Title level={1}>{rule ? t(WORDS.edit, { rule }) : t(WORDS.add)}</Typography.Title>
      <Flex gap="small" wrap align="center" className="filters">
        <span>{t(WORDS.stage)}</span>
        <Segmented<Stage>
          aria-label={t(WORDS.stage)}
          value={stageOf(text)}
          onChange={(stage) => setText(atStage(text, stage))}
          options={STAGES.map((value) => ({ value, label: t(STATUSES[value] as Words) }))}
        />
      </Flex>
      <div className="columns">
        <Input.TextArea
          ref={field}
          aria-label={t(WORDS.text)}
          className="written"
          value={text}
          spellCheck={false}
          autoSize={{ minRows: 18, maxRows: 40 }}
          onChange={(event) => setText(event.target.value)}
        />
        <section aria-live="polite">
          {lint.error && <Failed error={lint.error} />}
          {lint.data && <LintResult found={lint.data} toLine={toLine} />}
        </section>
      </div>
      <Flex gap="small" align="center" wrap className="block">
        <Button
          type="primary"
          disabled={wrong || text === begin}
          loading={propose.isPending}
          onClick={() => propose.mutate({ params: { path: { pack } }, body: { rules: [text], files: {} } })}
        >
          {t(WORDS.propose)}
        </Button>
        <Typography.Text type="secondary">{t(WORDS.how)}</Typography.Text>
      </Flex>
      {propose.error && <Failed error={propose.error} />}
    </>
  );
}
