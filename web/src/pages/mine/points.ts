/** What a collector is told about a call, as `GET /tickets/{id}/feedback` says it. */

import type { Schemas } from "../../api/client";

export type Point = {
  finding: number | null;
  missed: number | null;
  title: Record<string, string>;
  why: Record<string, string>;
  better: Record<string, string>;
  heard: string | null;
  clip: { audio: string; start: number; end: number } | null;
  clauses: readonly { source: string; article: string; quote: string }[];
};

/** The points of the feedback, in order of time. */
export function pointsOf(feedback: Schemas["FeedbackOut"]): readonly Point[] {
  return feedback.points as unknown as readonly Point[];
}

/** What tells a point from others. */
export function keyOf(point: Pick<Point, "finding" | "missed">): string {
  return point.finding != null ? `finding-${point.finding}` : `missed-${point.missed}`;
}

/** The document of an appeal: the reasons that were given, each with what it is about; null where there is none. */
export function appealOf(points: readonly Point[], reasons: Readonly<Record<string, string>>) {
  const grounds = points
    .map((point) => ({ point, reason: reasons[keyOf(point)]?.trim() ?? "" }))
    .filter(({ reason }) => reason !== "")
    .map(({ point, reason }) =>
      point.finding != null ? { finding: point.finding, reason } : { missed: point.missed, reason },
    );
  return grounds.length > 0 ? { grounds } : null;
}
