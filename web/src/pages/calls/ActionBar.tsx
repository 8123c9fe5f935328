import { Button, Flex, Tooltip } from "antd";
import { useState } from "react";
import { useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { useLanguage } from "../../shared/words";
import { ActionForm } from "./ActionForm";
import { questionsOf } from "./questions";
import { RulingForm } from "./RulingForm";
import type { Review } from "./types";
import type { Act } from "./useAct";

// These have their place on cards, on the waveform and in the scorecard.
const ELSEWHERE = ["decide", "add_missed", "rate", "appeal"];

// What is done next, by state.
const MAIN: Record<string, string> = { open: "take", draft: "share", appealed: "decide_appeal" };

type Action = Review["actions"][number];

/** What the reader may do with the ticket now; what may not be done yet says why. */
export function ActionBar({ review, act, busy }: { review: Review; act: Act; busy: boolean }) {
  const name = useName();
  const { lang } = useLanguage();
  const [asked, setAsked] = useState<Action | null>(null);
  const { ticket } = review;
  if (ticket === null) {
    return null;
  }
  const shown = review.actions.filter(({ action }) => !ELSEWHERE.includes(action));
  const questions = asked && questionsOf(asked.action, review);
  const begin = (action: Action) => (action.action === "take" ? void act("take") : setAsked(action));
  const finish = async (document: Record<string, unknown> | null) => {
    if (document === null || (asked !== null && (await act(asked.action, document)))) {
      setAsked(null);
    }
  };
  return (
    <Flex gap="small" wrap align="center" className="block">
      <Mark tone={TONES[ticket.priority]}>{name("priorities", ticket.priority)}</Mark>
      <Mark>{name("ticket_states", ticket.state)}</Mark>
      {shown.map((each) => (
        <Tooltip key={each.action} title={each.refusal && `${each.refusal.message}. ${each.refusal.mend}`}>
          <Button
            aria-disabled={each.refusal !== null || busy}
            className={each.refusal ? "refused" : ""}
            type={MAIN[ticket.state] === each.action && !each.refusal ? "primary" : "default"}
            onClick={() => each.refusal ?? begin(each)}
          >
            {each[lang]}
          </Button>
        </Tooltip>
      ))}
      {asked && questions && (
        <RulingForm action={asked} questions={questions} people={review.people} busy={busy} done={finish} />
      )}
      {asked && !questions && <ActionForm action={asked} busy={busy} done={finish} />}
    </Flex>
  );
}
