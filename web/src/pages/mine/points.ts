/** What a collector is told about a call, as `GET /tickets/{id}/feedback` says it. */

import type { Schemas } from "../../api/client";

export type Point = Schemas["PointOut"];

/** The points of the feedback, in order of time. */
export function pointsOf(feedback: Schemas["FeedbackOut"]): readonly Point[] {
  return feedback.points;
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
