import { useEffect, useRef } from "react";
import WaveSurfer from "wavesurfer.js";
import RegionsPlugin from "wavesurfer.js/dist/plugins/regions.esm.js";
import { api } from "../../api/client";
import { Failed, Loading } from "../../shared/States";
import { useSay, type Words } from "../../shared/words";
import { overlaps, type Span, silences } from "./timeline";
import type { Finding, Utterance } from "./types";
import type { Player } from "./usePlayer";

const WORDS = {
  label: {
    zh: "波形：上为坐席，下为客户；阴影为发现、静音与抢话",
    en: "Waveform by side, with findings, silence and overlap",
  },
  legend: {
    zh: "带号：发现（红 ✕ 违规，蓝 ○ 信号）　…：静音　⇄：抢话",
    en: "Numbered: findings (red ✕ violation, blue ○ signal). …: silence. ⇄: overlap.",
  },
} satisfies Record<string, Words>;

// Peaks a second that the server prepares: enough for one pixel each when an hour is stretched over screens.
const PEAKS = 20;
const LANE_PX = 56;
const PX_PER_S = 12;
const COLOURS = {
  violation: "rgba(207, 19, 34, .25)",
  signal: "rgba(9, 88, 217, .2)",
  silence: "rgba(0, 0, 0, .08)",
  overlap: "rgba(250, 140, 22, .35)",
  added: "rgba(114, 46, 209, .3)",
} as const;

type Props = {
  call: number;
  duration: number;
  player: Player;
  utterances: readonly Utterance[];
  findings: readonly Finding[];
  onChoose: (finding: number) => void;
  /** The part of the call that is on the screen now. */
  onScroll: (shown: Span) => void;
  /** Somebody drew a span by dragging; nobody may where it is not given. */
  onDraw: ((span: Span) => void) | null;
};

/** The two lanes of a call. The server prepares the peaks, so an hour is drawn without being decoded. */
export function Waveform(props: Props) {
  const t = useSay();
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/v1/calls/{call_id}/peaks",
    { params: { path: { call_id: props.call }, query: { per_second: PEAKS } } },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  if (error) {
    return <Failed error={error} retry={refetch} />;
  }
  if (!data) {
    return <Loading />;
  }
  return (
    <figure className="waveform" aria-label={t(WORDS.label)}>
      <Lanes {...props} peaks={data.channels} />
      <figcaption>{t(WORDS.legend)}</figcaption>
    </figure>
  );
}

function Lanes({
  peaks,
  duration,
  player,
  utterances,
  findings,
  onChoose,
  onScroll,
  onDraw,
}: Props & { peaks: number[][] }) {
  const container = useRef<HTMLDivElement>(null);
  const drawable = onDraw !== null;
  const told = useRef({ onChoose, onScroll, onDraw });
  told.current = { onChoose, onScroll, onDraw };
  useEffect(() => {
    if (container.current === null) {
      return undefined;
    }
    const regions = RegionsPlugin.create();
    const drawn = WaveSurfer.create({
      container: container.current,
      media: player.audio,
      peaks,
      duration,
      height: LANE_PX,
      minPxPerSec: PX_PER_S,
      waveColor: "#8c8c8c",
      progressColor: "#1554ad",
      cursorColor: "#cf1322",
      normalize: true,
      splitChannels: peaks.map(() => ({ height: LANE_PX })),
      plugins: [regions],
    });
    // A call wider than the screen is scrolled by keyboard, too.
    drawn.getWrapper().parentElement?.setAttribute("tabindex", "0");
    drawn.on("scroll", (start, end) => told.current.onScroll({ start, end }));
    drawn.on("ready", () => {
      mark(regions, "…", silences(utterances, duration), COLOURS.silence);
      mark(regions, "⇄", overlaps(utterances), COLOURS.overlap);
      findings.forEach((finding, place) => {
        if (finding.start !== null && finding.end !== null) {
          const violation = finding.kind === "violation";
          regions.addRegion({
            id: `finding-${finding.id}`,
            start: finding.start,
            end: finding.end,
            color: violation ? COLOURS.violation : COLOURS.signal,
            content: sign(`${violation ? "✕" : "○"}${place + 1}`),
            drag: false,
            resize: false,
          });
        }
      });
      if (drawable) {
        regions.enableDragSelection({ color: COLOURS.added });
      }
    });
    regions.on("region-clicked", (region, event) => {
      if (region.id.startsWith("finding-")) {
        event.stopPropagation();
        told.current.onChoose(Number(region.id.slice("finding-".length)));
      }
    });
    regions.on("region-created", (region) => {
      if (!/^(finding|shade)-/.test(region.id)) {
        told.current.onDraw?.({ start: region.start, end: region.end });
        region.remove();
      }
    });
    return () => drawn.destroy();
  }, [peaks, duration, player.audio, utterances, findings, drawable]);
  return <div ref={container} />;
}

function mark(regions: RegionsPlugin, what: string, spans: readonly Span[], color: string): void {
  spans.forEach(({ start, end }) => {
    const id = `shade-${color}-${start}`;
    regions.addRegion({ id, start, end, color, content: sign(what), drag: false, resize: false });
  });
}

/** What a span is, told without its colour. */
function sign(text: string): HTMLElement {
  const made = document.createElement("span");
  made.textContent = text;
  made.style.fontSize = "11px";
  return made;
}
