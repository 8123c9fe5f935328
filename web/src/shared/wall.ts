/** Times that people type: what the clock of the house shows, as a moment and back. */

const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** What the clock of `zone` shows at a moment, as `<input type="datetime-local">` takes it: `2026-03-05T10:30`. */
export function wallOf(iso: string, zone: string): string {
  const shown = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(new Date(iso));
  return shown.replace(" ", "T");
}

/** The moment (ISO 8601, UTC) at which the clock of `zone` shows `wall`; null where it says no time. */
export function momentOf(wall: string, zone: string): string | null {
  const asUtc = WALL.test(wall) ? Date.parse(`${wall}:00Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) {
    return null;
  }
  // The distance between the two clocks is that of the moment itself, which the second round knows.
  let moment = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${wallOf(new Date(moment).toISOString(), zone)}:00Z`);
    moment += asUtc - shown;
  }
  return new Date(moment).toISOString();
}
