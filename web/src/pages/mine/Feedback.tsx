import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Card, Flex, Input, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { api, type Schemas } from "../../api/client";
import { useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { Failed, Loading, Nothing } from "../../shared/States";
import { useLanguage, useSay, type Words } from "../../shared/words";
import { appealOf, keyOf, type Point, pointsOf } from "./points";

const WORDS = {
  title: { zh: "质检反馈", en: "What the review says" },
  score: { zh: "得分 {score}", en: "Score {score}" },
  back: { zh: "返回趋势", en: "Back to the trend" },
  none: { zh: "没有需要改进之处。", en: "There is nothing to improve." },
  waiting: { zh: "质检尚未反馈。", en: "The review is not shared yet." },
  heard: { zh: "您说的是", en: "You said" },
  clip: { zh: "听这一段：{title}", en: "Hear it: {title}" },
  clause: { zh: "依据", en: "Clause" },
  better: { zh: "更好的说法", en: "Better wording" },
  accept: { zh: "确认接受", en: "Accept" },
  appeal: { zh: "提交申诉", en: "Appeal" },
  reason: { zh: "不同意？写明理由：{title}", en: "Not right? Say why: {title}" },
  done: { zh: "已提交", en: "Done" },
} satisfies Record<string, Words>;

/** The feedback on one call; accepted with one click, appealed with a reason and one more. */
export function Feedback({ ticket }: { ticket: number }) {
  const t = useSay();
  const path = { ticket_id: ticket };
  const detail = api.useQuery("get", "/api/v1/tickets/{ticket_id}", { params: { path } });
  const feedback = api.useQuery("get", "/api/v1/tickets/{ticket_id}/feedback", { params: { path } });
  const error = detail.error ?? feedback.error;
  if (error) {
    return <Failed error={error} retry={() => void Promise.all([detail.refetch(), feedback.refetch()])} />;
  }
  if (!detail.data || !feedback.data) {
    return <Loading />;
  }
  return (
    <>
      <Flex justify="space-between" align="center">
        <Typography.Title level={2}>{t(WORDS.title)}</Typography.Title>
        <Link to="?">{t(WORDS.back)}</Link>
      </Flex>
      <Told ticket={detail.data} feedback={feedback.data} />
    </>
  );
}

type Props = { ticket: Schemas["TicketDetail"]; feedback: Schemas["FeedbackOut"] };

function Told({ ticket, feedback }: Props) {
  const t = useSay();
  const name = useName();
  const points = pointsOf(feedback);
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const open = ticket.state === "shared";
  const score = feedback.score as { score: number; band: string } | null;
  if (score === null) {
    return <Nothing words={WORDS.waiting} />;
  }
  return (
    <>
      <Flex gap="small" wrap align="center">
        <Mark tone={TONES[score.band]}>{name("bands", score.band)}</Mark>
        <span>{t(WORDS.score, { score: score.score })}</span>
        {feedback.words && <q>{feedback.words}</q>}
      </Flex>
      {points.length === 0 && <Nothing words={WORDS.none} />}
      {points.map((point) => (
        <PointCard
          key={keyOf(point)}
          point={point}
          reason={open ? (reasons[keyOf(point)] ?? "") : null}
          setReason={(reason) => setReasons((before) => ({ ...before, [keyOf(point)]: reason }))}
        />
      ))}
      {open && <Answer ticket={ticket} appeal={appealOf(points, reasons)} />}
    </>
  );
}

type PointProps = { point: Point; reason: string | null; setReason: (reason: string) => void };

function PointCard({ point, reason, setReason }: PointProps) {
  const t = useSay();
  const { lang } = useLanguage();
  const title = point.title[lang] ?? "";
  return (
    <Card size="small" className="finding violation" title={title}>
      {point.heard && (
        <p>
          {t(WORDS.heard)} <mark>{point.heard}</mark>
        </p>
      )}
      {point.clip && (
        // biome-ignore lint/a11y/useMediaCaption: what is said in it stands above
        <audio controls preload="none" src={point.clip.audio} aria-label={t(WORDS.clip, { title })} />
      )}
      <p>{point.why[lang]}</p>
      {point.clauses.map((each) => (
        <p key={`${each.source}${each.article}`}>
          {t(WORDS.clause)} {each.title[lang]} {each.article} {each.quote && <q>{each.quote}</q>}
        </p>
      ))}
      {point.better[lang] && (
        <p className="better">
          {t(WORDS.better)}: {point.better[lang]}
        </p>
      )}
      {reason !== null && (
        <Input.TextArea
          rows={1}
          autoSize
          value={reason}
          aria-label={t(WORDS.reason, { title })}
          placeholder={t(WORDS.reason, { title })}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </Card>
  );
}

function Answer({ ticket, appeal }: { ticket: Props["ticket"]; appeal: ReturnType<typeof appealOf> }) {
  const t = useSay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const answer = api.useMutation("post", "/api/v1/tickets/{ticket_id}/actions/{action}", {
    onSuccess: () => void message.success(t(WORDS.done)),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).includes("/tickets") }),
  });
  const act = (action: string, document: Record<string, unknown>) => {
    const path = { ticket_id: ticket.id, action };
    answer.mutate({ params: { path, header: { "if-match": `"${ticket.version}"` } }, body: { document } });
  };
  return (
    <>
      {answer.error && <Failed error={answer.error} />}
      <Flex gap="small">
        <Button
          type="primary"
          loading={answer.isPending}
          disabled={appeal !== null}
          onClick={() => act("acknowledge", {})}
        >
          {t(WORDS.accept)}
        </Button>
        <Button
          disabled={appeal === null || answer.isPending}
          onClick={() => appeal && act("appeal", appeal)}
        >
          {t(WORDS.appeal)}
        </Button>
      </Flex>
    </>
  );
}
