import { Button, Flex, Tooltip } from "antd";
import { useState } from "react";
import { isPlain } from "../../app/forms/fields";
import { useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { useLanguage } from "../../shared/words";
import { ActionForm } from "./ActionForm";
import type { Review } from "./types";
import { useAct } from "./useAct";

// These have their place on cards, on the waveform and in the scorecard.
const ELSEWHERE = ["decide", "add_missed", "rate"];

/** What the reader may do with the ticket now; what may not be done yet says why. */
export function ActionBar({ review }: { review: Review }) {
  const name = useName();
  const { lang } = useLanguage();
  const { act, busy } = useAct(review);
  const [asked, setAsked] = useState<Review["actions"][number] | null>(null);
  const { ticket } = review;
  if (ticket === null) {
    return null;
  }
  const shown = review.actions.filter(
    ({ action, document }) => !ELSEWHERE.includes(action) && isPlain(document),
  );
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
        <Tooltip key={each.action} title={each.refusal?.message}>
          <Button
            disabled={each.refusal !== null || busy}
            type={each.action === "take" || each.action === "share" ? "primary" : "default"}
            onClick={() => (each.action === "take" ? void act("take") : setAsked(each))}
          >
            {each[lang]}
          </Button>
        </Tooltip>
      ))}
      {asked && <ActionForm action={asked} busy={busy} done={finish} />}
    </Flex>
  );
}
