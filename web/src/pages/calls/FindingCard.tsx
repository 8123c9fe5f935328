import { Button, Card, Flex, Input, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { position } from "../../shared/time";
import { useLanguage, useSay, type Words } from "../../shared/words";
import type { Verdict } from "./decisions";
import type { Finding } from "./types";

const WORDS = {
  whole: { zh: "整通通话", en: "The whole call" },
  play: { zh: "听这一段", en: "Hear it" },
  heard: { zh: "听到", en: "Heard" },
  matched: { zh: "匹配", en: "Matched" },
  clause: { zh: "依据", en: "Clause" },
  better: { zh: "更好的说法", en: "Better wording" },
  advisory: { zh: "仅提示：此规则常被推翻", en: "Advises only: this rule is often overturned" },
  confirmed: { zh: "复听支持", en: "A second hearing confirms it" },
  weakened: { zh: "复听不支持", en: "A second hearing speaks against it" },
  undecided: { zh: "复听无定论", en: "A second hearing leaves it open" },
  true: { zh: "属实", en: "True" },
  false: { zh: "误判", en: "False" },
  unsure: { zh: "存疑", en: "Unsure" },
  comment: { zh: "备注（先写后判）", en: "Comment, before you decide" },
  decided: { zh: "{by} 判定：{verdict}", en: "{by} decided: {verdict}" },
} satisfies Record<string, Words>;

type Props = {
  /** As on the waveform. */
  number: number;
  finding: Finding;
  chosen: boolean;
  decided: { by: string; verdict: Verdict } | undefined;
  /** Names by the id of the person. */
  people: Record<string, string>;
  choose: () => void;
  hear: () => void;
  /** Null where the reader may not decide now. */
  decide: ((verdict: Verdict, comment: string) => void) | null;
};

/** One finding: what was heard, what it matched and how, the clause, what to say instead, and the decision. */
export function FindingCard({ number, finding, chosen, decided, people, choose, hear, decide }: Props) {
  const t = useSay();
  const name = useName();
  const { lang } = useLanguage();
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) {
      card.current?.scrollIntoView({ block: "nearest" });
    }
  }, [chosen]);
  const at = finding.start === null ? t(WORDS.whole) : position(finding.start);
  return (
    <Card
      ref={card}
      size="small"
      className={`finding ${finding.kind} ${chosen ? "chosen" : ""}`}
      aria-current={chosen ? "true" : undefined}
      data-span={finding.start === null ? undefined : `${finding.start}-${finding.end}`}
      onClick={choose}
      title={
        <Flex gap={6} wrap>
          <span>
            {number} {finding.title[lang] ?? name("categories", finding.category)}
          </span>
          <Mark tone={TONES[finding.severity]}>{name("severities", finding.severity)}</Mark>
          <Mark>{name("certainty", finding.status)}</Mark>
          {finding.advisory && <Mark tone="warn">{t(WORDS.advisory)}</Mark>}
        </Flex>
      }
      extra={
        finding.start === null ? (
          at
        ) : (
          <Button size="small" onClick={hear} aria-label={`${t(WORDS.play)} ${at}`}>
            ▶ {at}
          </Button>
        )
      }
    >
      {finding.heard && (
        <p>
          {t(WORDS.heard)} <mark>{finding.heard}</mark>
          {finding.matched !== finding.heard && finding.matched && (
            <>
              {" "}
              {t(WORDS.matched)} “{finding.matched}”
            </>
          )}{" "}
          <Mark>{name("how", finding.how)}</Mark>
        </p>
      )}
      <p>{finding.why[lang]}</p>
      {finding.second_hearing && <SecondHearing heard={finding.second_hearing} />}
      {finding.clauses.map((each) => (
        <p key={`${each.source}${each.article}`}>
          <Typography.Text type="secondary">
            {t(WORDS.clause)} {each.title[lang]} {each.article} {each.binding?.[lang]}
          </Typography.Text>{" "}
          {each.quote && <q>{each.quote}</q>}
        </p>
      ))}
      {finding.better[lang] && (
        <p className="better">
          {t(WORDS.better)}: {finding.better[lang]}
        </p>
      )}
      <Decision decided={decided} people={people} decide={decide} />
      <Link to={`/rules/find/${encodeURIComponent(finding.rule)}`}>{finding.rule}</Link>
    </Card>
  );
}

/** What another way of listening to the same seconds made of them. */
function SecondHearing({ heard }: { heard: NonNullable<Finding["second_hearing"]> }) {
  const t = useSay();
  return (
    <p>
      {t(WORDS[heard.outcome])}
      {heard.heard_again.map((text) => (
        <span key={text}>
          {" "}
          <q>{text}</q>
        </span>
      ))}
    </p>
  );
}

function Decision({ decided, people, decide }: Pick<Props, "decided" | "people" | "decide">) {
  const t = useSay();
  const [comment, setComment] = useState("");
  if (decide === null && decided === undefined) {
    return null;
  }
  return (
    <Flex gap="small" wrap align="center" className="decision">
      {decide !== null &&
        (["true", "false", "unsure"] as const).map((verdict, index) => (
          <Button
            key={verdict}
            size="small"
            type={decided?.verdict === verdict ? "primary" : "default"}
            aria-pressed={decided?.verdict === verdict}
            onClick={(event) => {
              event.stopPropagation();
              decide(verdict, comment.trim());
            }}
          >
            {index + 1} {t(WORDS[verdict])}
          </Button>
        ))}
      {decide !== null && (
        <Input
          size="small"
          style={{ width: 180 }}
          aria-label={t(WORDS.comment)}
          placeholder={t(WORDS.comment)}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      )}
      {decided && (
        <Mark tone={decided.verdict === "true" ? "bad" : decided.verdict === "false" ? "good" : "warn"}>
          {t(WORDS.decided, { by: people[decided.by] ?? decided.by, verdict: t(WORDS[decided.verdict]) })}
        </Mark>
      )}
    </Flex>
  );
}
