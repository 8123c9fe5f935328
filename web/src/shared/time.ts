/** Times as the house's clock shows them, with the zone; a time that is not known stays unknown. */

import type { Lang } from "./words";

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;
const UNKNOWN = { zh: "时间不明", en: "time unknown" } as const;

/** A moment (ISO 8601 with an offset) by the clock of `zone`, to the minute: `2026-03-05 10:30 GMT+8`. */
export function moment(iso: string | null | undefined, zone: string, lang: Lang): string {
  const read = iso ? new Date(iso) : null;
  if (read === null || Number.isNaN(read.getTime())) {
    return UNKNOWN[lang];
  }
  const parts = new Intl.DateTimeFormat(LOCALES[lang], {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  }).formatToParts(read);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  const day = `${part("year")}-${part("month")}-${part("day")}`;
  return `${day} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}

/** A place in a recording: `3:07`, `1:02:03`. */
export function position(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const STEPS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** How far a moment is from `now`: `2 小时后`, `3 days ago`. */
export function distance(iso: string, now: Date, lang: Lang): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  const said = new Intl.RelativeTimeFormat(LOCALES[lang], { numeric: "auto" });
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return said.format(Math.round(seconds / size), unit);
}
