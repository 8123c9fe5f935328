import { useEffect, useMemo, useRef } from "react";
import { useName } from "../../app/session";
import { Nothing } from "../../shared/States";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";
import { sayingAt } from "./timeline";
import type { Finding, Utterance } from "./types";
import { type Player, useMoment } from "./usePlayer";

const WORDS = {
  title: { zh: "转写", en: "Transcript" },
  empty: { zh: "没有可用的转写。", en: "Nothing could be written down." },
  legend: { zh: "点线：听不真切的字词", en: "Dotted: not heard for certain" },
  from: { zh: "从 {at} 播放", en: "Play from {at}" },
  doubtful: { zh: "听不真切（{share}）", en: "not heard for certain ({share})" },
} satisfies Record<string, Words>;

// Words below are shown as doubtful: half of them are wrong on telephone lines (docs/quality.md).
const DOUBTFUL = 0.5;

type Props = { utterances: readonly Utterance[]; findings: readonly Finding[]; player: Player };

/** What was said, in step with the sound: either leads to the other. */
export function Transcript({ utterances, findings, player }: Props) {
  const t = useSay();
  const now = useMoment(player.audio, (second) => sayingAt(utterances, second));
  const marked = useMemo(
    () => new Map(findings.flatMap((each) => each.utterances.map((id) => [id, each.kind]))),
    [findings],
  );
  if (utterances.length === 0) {
    return <Nothing words={WORDS.empty} />;
  }
  return (
    <>
      <p className="note">
        <span className="doubtful">{t(WORDS.legend)}</span>
      </p>
      <ol className="transcript" aria-label={t(WORDS.title)}>
        {utterances.map((each, index) => (
          <Turn
            key={each.id}
            utterance={each}
            current={index === now}
            follow={player.playing}
            kind={marked.get(each.id)}
            play={() => player.play(each.start)}
          />
        ))}
      </ol>
    </>
  );
}

type TurnProps = {
  utterance: Utterance;
  current: boolean;
  follow: boolean;
  kind: string | undefined;
  play: () => void;
};

function Turn({ utterance, current, follow, kind, play }: TurnProps) {
  const t = useSay();
  const name = useName();
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current && follow) {
      line.current?.scrollIntoView({ block: "nearest" });
    }
  }, [current, follow]);
  const at = position(utterance.start);
  return (
    <li
      ref={line}
      className={`turn side-${utterance.side} ${kind ?? ""}`}
      aria-current={current ? "true" : undefined}
      data-start={utterance.start}
    >
      <button type="button" className="at" onClick={play} aria-label={t(WORDS.from, { at })}>
        {at}
      </button>
      <span className="who">{name("speakers", utterance.speaker)}</span>
      <span className="said">
        {utterance.words.length === 0
          ? utterance.text
          : utterance.words.map(([text, start, , confidence]) =>
              confidence < DOUBTFUL ? (
                <span
                  key={start}
                  className="doubtful"
                  title={t(WORDS.doubtful, { share: `${Math.round(confidence * 100)} %` })}
                >
                  {text}
                </span>
              ) : (
                text
              ),
            )}
      </span>
    </li>
  );
}
