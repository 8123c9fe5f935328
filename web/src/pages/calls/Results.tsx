import { Flex } from "antd";
import { useName } from "../../app/session";
import { Mark, TONES } from "../../shared/Mark";
import { useSay, type Words } from "../../shared/words";
import type { Ticket } from "./types";

const WORDS = {
  machine: { zh: "机检 {score}", en: "Machine {score}" },
  human: { zh: "人工 {score}", en: "People {score}" },
  final: { zh: "定稿 {score}", en: "Final {score}" },
} satisfies Record<string, Words>;

type Result = { score?: number | null; band?: string | null };

/** What the machine, people and the last word say of the call, kept apart. */
export function Results({ ticket }: { ticket: Ticket }) {
  const t = useSay();
  const name = useName();
  return (
    <Flex gap="small" wrap>
      {(["machine", "human", "final"] as const).map((part) => {
        const result = ticket[part] as Result | null;
        return (
          result?.band && (
            <Mark key={part} tone={TONES[result.band]}>
              {t(WORDS[part], { score: result.score ?? "—" })} {name("bands", result.band)}
            </Mark>
          )
        );
      })}
    </Flex>
  );
}
