import { Tag } from "antd";
import type { ReactNode } from "react";

export type Tone = "bad" | "warn" | "good" | "info" | "plain";

/** How grave each severity, band, level and priority is shown; the words beside it say the same. */
export const TONES: Record<string, Tone> = {
  critical: "bad",
  major: "warn",
  minor: "info",
  clean: "good",
  high: "bad",
  medium: "warn",
  low: "info",
  urgent: "bad",
};

/** A word with a colour that can be read on it; the colour alone never tells anything. */
export function Mark({ tone = "plain", children }: { tone?: Tone | undefined; children: ReactNode }) {
  return <Tag className={`mark-${tone}`}>{children}</Tag>;
}
