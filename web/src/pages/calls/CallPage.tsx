import { Alert, Breadcrumb, Flex, Typography } from "antd";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { API, api } from "../../api/client";
import { NotThere } from "../../app/NotThere";
import { useClock, useMay, useName } from "../../app/session";
import { useAddress } from "../../shared/address";
import { Mark, TONES } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { position } from "../../shared/time";
import { useSay, type Words } from "../../shared/words";
import { ActionBar } from "./ActionBar";
import { Controls } from "./Controls";
import { allows, decisions, type Verdict } from "./decisions";
import { FindingCard } from "./FindingCard";
import { History } from "./History";
import { KeyHelp } from "./KeyHelp";
import { MissedForm } from "./MissedForm";
import { Results } from "./Results";
import { Roles } from "./Roles";
import { Scorecard } from "./Scorecard";
import { Transcript } from "./Transcript";
import { inOrder, neighbour, rounded, type Span } from "./timeline";
import { type Review, utterancesOf, voicesOf } from "./types";
import { useAct } from "./useAct";
import { useKeys } from "./useKeys";
import { usePlayer } from "./usePlayer";
import { VoiceStrip } from "./VoiceStrip";
import { Waveform } from "./Waveform";

const WORDS = {
  calls: { zh: "通话", en: "Calls" },
  findings: { zh: "发现 {count} 条", en: "{count} findings" },
  none: { zh: "没有发现违规或信号。", en: "Nothing was found in this call." },
  unjudged: {
    zh: "未能全部判定，不等于合规：",
    en: "Not everything could be judged, which does not mean clean: ",
  },
  score: { zh: "机检得分 {total}", en: "Machine's score {total}" },
  atMost: { zh: "机检得分至多 {total}", en: "Machine's score at most {total}" },
  agent: { zh: "坐席", en: "Agent" },
  customer: { zh: "客户", en: "Customer" },
  evidence: { zh: "下载证据包", en: "Download the evidence" },
  before: { zh: "上一通待办", en: "Call before" },
  after: { zh: "下一通待办", en: "Call after" },
} satisfies Record<string, Words>;

// What one was hearing when something was missed: the words just before.
const HEARD_S = 5;

/** One call: its sound, its words, what was found, and what people make of it. */
export function CallPage() {
  const { call = "" } = useParams();
  const number = Number(call);
  if (!Number.isInteger(number)) {
    return <NotThere />;
  }
  return <Numbered call={number} />;
}

function Numbered({ call: number }: { call: number }) {
  const { data, error, refetch } = api.useQuery("get", "/api/v1/calls/{call_id}/review", {
    params: { path: { call_id: number } },
  });
  if (error && !data) {
    return <Failed error={error} retry={refetch} />;
  }
  return data ? <Reviewed key={number} review={data} /> : <Loading />;
}

function Reviewed({ review }: { review: Review }) {
  const t = useSay();
  const { call } = review;
  const player = usePlayer(`${API}/calls/${call.id}/audio`);
  const [{ finding: asked, at }, change] = useAddress("finding", "at");
  const begin = Number(at ?? 0);
  useEffect(() => {
    if (begin > 0) {
      player.audio.currentTime = begin; // a link to a second of the call; whoever reads begins to listen there
    }
  }, [player.audio, begin]);
  const [shown, setShown] = useState<Span>({ start: 0, end: call.duration_s });
  const [drawn, setDrawn] = useState<Span | null>(null);
  const [help, setHelp] = useState(false);
  const [before, setBefore] = useState<{ finding: number; verdict: Verdict } | null>(null);
  const { act, busy } = useAct(review);
  const findings = useMemo(() => inOrder(review.findings), [review.findings]);
  const utterances = useMemo(() => utterancesOf(review), [review]);
  const decided = useMemo(() => decisions(review), [review]);
  // Not read from the address alone: that follows a moment later, and the next key would meet the finding before.
  const [chosen, setChosen] = useState<number | null>(null);
  useEffect(() => setChosen(asked === undefined ? null : Number(asked)), [asked]);
  const choose = (finding: number | null) => {
    setChosen(finding);
    change({ finding: finding === null ? null : String(finding) });
  };
  const clip = findings.find(({ id }) => id === chosen);
  const hear = (each = clip, again = false) => {
    if (each?.start != null && each.end != null) {
      player.play(each.start, again ? each.end : undefined);
    }
  };
  const mayDecide = allows(review, "decide");
  const decide = async (finding: number, verdict: Verdict, comment = "") => {
    const earlier = decided.get(finding)?.verdict;
    if (await act("decide", { finding, verdict, ...(comment && { comment }) })) {
      setBefore({ finding, verdict: earlier ?? "unsure" }); // a decision cannot be taken back, only doubted
    }
  };
  const mayAdd = allows(review, "add_missed");
  const missed = () => {
    player.pause();
    const end = Math.max(Math.min(call.duration_s, player.audio.currentTime), 1);
    setDrawn(rounded({ start: Math.max(0, end - HEARD_S), end }));
  };
  const step = (by: number) => {
    const next = neighbour(findings, chosen, by);
    choose(next);
    hear(findings.find(({ id }) => id === next));
  };
  useKeys({
    player,
    step,
    loop: () => hear(clip, true),
    decide: (verdict) => chosen !== null && mayDecide && void decide(chosen, verdict),
    undo: () => before !== null && void decide(before.finding, before.verdict),
    missed: () => mayAdd && missed(),
    help: () => setHelp(true),
  });
  return (
    <>
      <Head review={review} />
      <ActionBar review={review} act={act} busy={busy} />
      {review.ticket && <Results ticket={review.ticket} />}
      <div className="listening">
        <Waveform
          call={call.id}
          duration={call.duration_s}
          player={player}
          utterances={utterances}
          findings={findings}
          onChoose={choose}
          onScroll={setShown}
          onDraw={mayAdd ? (span) => setDrawn(rounded(span)) : null}
        />
        <VoiceStrip voices={voicesOf(review)} shown={shown} />
        <Controls
          player={player}
          duration={call.duration_s}
          missed={mayAdd ? missed : null}
          help={() => setHelp(true)}
        />
      </div>
      <div className="columns">
        <section aria-label={t(WORDS.findings, { count: findings.length })}>
          <Typography.Title level={2}>{t(WORDS.findings, { count: findings.length })}</Typography.Title>
          {findings.length === 0 && <Nothing words={WORDS.none} />}
          {findings.map((each, place) => (
            <FindingCard
              key={each.id}
              number={place + 1}
              finding={each}
              chosen={each.id === chosen}
              decided={decided.get(each.id)}
              people={review.people}
              choose={() => choose(each.id)}
              hear={() => hear(each)}
              decide={mayDecide ? (verdict, comment) => void decide(each.id, verdict, comment) : null}
            />
          ))}
        </section>
        <section>
          <Scorecard review={review} act={act} />
          <Roles call={call.id} />
          <Transcript utterances={utterances} findings={findings} player={player} />
        </section>
      </div>
      {review.ticket && <History ticket={review.ticket.id} people={review.people} />}
      {drawn && <MissedForm span={drawn} duration={call.duration_s} done={(given) => void finish(given)} />}
      <KeyHelp open={help} close={() => setHelp(false)} />
    </>
  );

  async function finish(given: Record<string, unknown> | null) {
    if (given === null || (await act("add_missed", given))) {
      setDrawn(null);
    }
  }
}

function Head({ review }: { review: Review }) {
  const t = useSay();
  const name = useName();
  const may = useMay();
  const { moment } = useClock();
  const { call, queue } = review;
  const score = call.score;
  const title = score && t(score.at_most ? WORDS.atMost : WORDS.score, { total: score.total });
  return (
    <>
      <Flex justify="space-between" wrap gap="small">
        <Breadcrumb
          items={[{ title: <Link to="/calls">{t(WORDS.calls)}</Link> }, { title: call.external_id }]}
        />
        <Neighbours queue={queue} />
      </Flex>
      <Flex gap="small" wrap align="center">
        <Typography.Title level={1} style={{ margin: 0 }}>
          {call.external_id}
        </Typography.Title>
        {score?.band && <Mark tone={TONES[score.band]}>{name("bands", score.band)}</Mark>}
        {title && <Mark>{title}</Mark>}
        {call.warning && <Mark tone={TONES[call.warning]}>{name("levels", call.warning)}</Mark>}
        <span>{moment(call.started_at)}</span>
        <span>{position(call.duration_s)}</span>
        <span>
          {t(WORDS.agent)} {call.agent.name ?? call.agent.id ?? "—"}
        </span>
        {may("evidence.export") && (
          <a href={`${API}/calls/${call.id}/evidence`} download>
            {t(WORDS.evidence)}
          </a>
        )}
        <span>
          {t(WORDS.customer)} {call.customer.name ?? call.customer.id ?? "—"} {call.customer.number}
        </span>
      </Flex>
      {call.reasons.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={`${t(WORDS.unjudged)}${call.reasons.join(" ")}`}
          className="block"
        />
      )}
    </>
  );
}

function Neighbours({ queue }: { queue: Review["queue"] }) {
  const t = useSay();
  const go = useNavigate();
  return (
    <Flex gap="small">
      {(["before", "after"] as const).map((side) => {
        const other = queue[side];
        return (
          other !== null && (
            <button type="button" key={side} className="link" onClick={() => go(`/calls/${other}`)}>
              {t(WORDS[side])}
            </button>
          )
        );
      })}
    </Flex>
  );
}
