import { Button, Card, Flex, Form, Input, List, Segmented, Typography } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { Failed } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";

const WORDS = {
  title: { zh: "试一段话", en: "Try some words" },
  label: { zh: "说了什么", en: "What was said" },
  hint: { zh: "例如：你在这片儿也住了不少年了，街坊都挺熟吧", en: "For example: 你再不还钱，我们就上门了" },
  speaker: { zh: "谁说的", en: "Who said it" },
  agent: { zh: "催收员", en: "Agent" },
  customer: { zh: "客户", en: "Customer" },
  run: { zh: "试判", en: "Judge it" },
  none: { zh: "没有规则命中。", en: "No rule fires." },
  found: { zh: "命中 {count} 条", en: "{count} findings" },
  excused: { zh: "因语境未判", en: "Not held against anybody" },
  kept: { zh: "只作试判，不保存。", en: "Nothing of this is kept." },
} satisfies Record<string, Words>;

type Tried = Schemas["TrialOut"];
type Speaker = "agent" | "customer";

/** A box for a sentence: which rules fire on it, how sure they are, and what kept others from it. */
export function TryBox({ rule, pack }: { rule?: string; pack?: string }) {
  const t = useSay();
  const [text, setText] = useState("");
  const [speaker, setSpeaker] = useState<Speaker>("agent");
  const trial = api.useMutation("post", "/api/v1/rules/try");
  const run = () => {
    const one = rule && pack ? { rule, pack } : {};
    trial.mutate({ body: { text, speaker, recognised: false, whole: false, ...one } });
  };
  return (
    <Card title={t(WORDS.title)} className="block">
      <Form layout="vertical" onFinish={run}>
        <Form.Item label={t(WORDS.label)} htmlFor="try-text" extra={t(WORDS.kept)}>
          <Input.TextArea
            id="try-text"
            rows={2}
            maxLength={2000}
            value={text}
            placeholder={t(WORDS.hint)}
            onChange={(event) => setText(event.target.value)}
          />
        </Form.Item>
        <Flex gap="small" wrap>
          <Segmented<Speaker>
            aria-label={t(WORDS.speaker)}
            value={speaker}
            onChange={setSpeaker}
            options={(["agent", "customer"] as const).map((value) => ({ value, label: t(WORDS[value]) }))}
          />
          <Button type="primary" htmlType="submit" disabled={text.trim() === ""} loading={trial.isPending}>
            {t(WORDS.run)}
          </Button>
        </Flex>
      </Form>
      <div aria-live="polite">
        {trial.error && <Failed error={trial.error} />}
        {trial.data && <Outcome tried={trial.data} />}
      </div>
    </Card>
  );
}

function Outcome({ tried }: { tried: Tried }) {
  const t = useSay();
  const { lang } = useLanguage();
  return (
    <>
      <Typography.Title level={3}>
        {tried.findings.length > 0 ? t(WORDS.found, { count: tried.findings.length }) : t(WORDS.none)}
      </Typography.Title>
      {tried.findings.length > 0 && (
        <List dataSource={tried.findings} renderItem={(each) => <Finding tried={each} />} />
      )}
      {tried.excused.length > 0 && (
        <>
          <Typography.Title level={3}>{t(WORDS.excused)}</Typography.Title>
          <List
            dataSource={tried.excused}
            renderItem={(each) => (
              <List.Item>
                {each.title[lang]}: {each.heard[lang]}, {each.because[lang]}
              </List.Item>
            )}
          />
        </>
      )}
    </>
  );
}

function Finding({ tried }: { tried: Tried["findings"][number] }) {
  const name = useName();
  const { lang } = useLanguage();
  return (
    <List.Item>
      <List.Item.Meta
        title={
          <Flex gap="small" wrap>
            <strong>{tried.title[lang]}</strong>
            <Mark tone={TONES[tried.severity]}>{name("severities", tried.severity)}</Mark>
            <Mark>{name("categories", tried.category)}</Mark>
            <Mark>{name("certainty", tried.status)}</Mark>
          </Flex>
        }
        description={
          <>
            <mark>{tried.heard}</mark> {tried.why[lang]}
          </>
        }
      />
    </List.Item>
  );
}
