/** What keys do on the call page; none of them while somebody types. */

import type { Words } from "../../shared/words";

export type Command =
  | "play"
  | "next"
  | "previous"
  | "true"
  | "false"
  | "unsure"
  | "loop"
  | "slower"
  | "faster"
  | "back"
  | "forward"
  | "undo"
  | "missed"
  | "help";

export const KEYS: readonly { keys: readonly string[]; command: Command; words: Words }[] = [
  { keys: [" "], command: "play", words: { zh: "播放、暂停", en: "Play, pause" } },
  { keys: ["j"], command: "next", words: { zh: "下一条发现", en: "Next finding" } },
  { keys: ["k"], command: "previous", words: { zh: "上一条发现", en: "Previous finding" } },
  { keys: ["1"], command: "true", words: { zh: "判定属实", en: "It is true" } },
  { keys: ["2"], command: "false", words: { zh: "判定误判", en: "It is false" } },
  { keys: ["3"], command: "unsure", words: { zh: "存疑", en: "Unsure" } },
  { keys: ["u"], command: "undo", words: { zh: "撤销上一判定", en: "Undo the last decision" } },
  { keys: ["m"], command: "missed", words: { zh: "补充此处漏检", en: "Add what was missed here" } },
  { keys: ["l"], command: "loop", words: { zh: "循环播放片段", en: "Loop the clip" } },
  { keys: ["[", "-"], command: "slower", words: { zh: "减速", en: "Slower" } },
  { keys: ["]", "+"], command: "faster", words: { zh: "加速", en: "Faster" } },
  { keys: ["ArrowLeft"], command: "back", words: { zh: "后退 5 秒", en: "Back 5 s" } },
  { keys: ["ArrowRight"], command: "forward", words: { zh: "前进 5 秒", en: "Forward 5 s" } },
  { keys: ["?"], command: "help", words: { zh: "快捷键", en: "Keys" } },
];

const TYPING = "input, textarea, select, [contenteditable=true], [role=combobox], [role=dialog] *";
// These have a meaning of their own on what is focused.
const PRESSING = "button, a, [role=radio], [role=slider], [tabindex='0']";

/** What a key asks for; null where it belongs to what is focused, or comes with Ctrl, Alt or Meta. */
export function commandOf(event: KeyboardEvent): Command | null {
  const focused = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.altKey || event.metaKey || focused?.closest(TYPING)) {
    return null;
  }
  if ((event.key === " " || event.key.startsWith("Arrow")) && focused?.closest(PRESSING)) {
    return null;
  }
  return (
    KEYS.find(({ keys }) => keys.includes(event.key) || keys.includes(event.key.toLowerCase()))?.command ??
    null
  );
}
