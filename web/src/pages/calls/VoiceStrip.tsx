import { useName } from "../../app/session";
import { useSay, type Words } from "../../shared/words";
import type { Span } from "./timeline";

const WORDS = {
  label: {
    zh: "{speaker}的声音：最高高于平时 {most} 个标准差",
    en: "Voice of the {speaker}: at most {most} standard deviations above calm",
  },
} satisfies Record<string, Words>;

const HEIGHT = 24;
const MOST = 4;

type Props = {
  voices: Record<string, readonly (number | null)[]>;
  /** The part of the call that the waveform shows. */
  shown: Span;
};

/** How excited each voice is, second by second, above its own calm; gaps are where it is not heard. In step with the
 * waveform above it. */
export function VoiceStrip({ voices, shown }: Props) {
  const t = useSay();
  const name = useName();
  return (
    <>
      {Object.entries(voices).map(([speaker, seconds]) => {
        const most = Math.max(0, ...seconds.map((each) => each ?? 0)).toFixed(1);
        return (
          <figure key={speaker} className="voice">
            <figcaption>{t(WORDS.label, { speaker: name("speakers", speaker), most })}</figcaption>
            <svg
              viewBox={`${shown.start} 0 ${Math.max(1, shown.end - shown.start)} ${HEIGHT}`}
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              {seconds.map((value, second) => bar(value, second))}
            </svg>
          </figure>
        );
      })}
    </>
  );
}

function bar(value: number | null, second: number) {
  if (value === null) {
    return null;
  }
  const height = Math.max(1, (Math.min(MOST, Math.max(0, value)) / MOST) * HEIGHT);
  const fill = value >= 2 ? "#cf1322" : value >= 1 ? "#d46b08" : "#8c8c8c";
  return <rect key={second} x={second} y={HEIGHT - height} width={0.9} height={height} fill={fill} />;
}
