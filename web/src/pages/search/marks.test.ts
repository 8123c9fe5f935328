import { expect, test } from "vitest";
import { pieces } from "./marks";

const shown = (text: string, spans: number[][]) =>
  pieces(text, spans).map((piece) => (piece.found ? `[${piece.text}]` : piece.text));

test("what was looked for is marked", () => {
  expect(
    shown("我要投诉你们，投诉到底", [
      [2, 4],
      [7, 9],
    ]),
  ).toEqual(["我要", "[投诉]", "你们，", "[投诉]", "到底"]);
  expect(shown("投诉", [[0, 2]])).toEqual(["[投诉]"]);
  expect(shown("无", [])).toEqual(["无"]);
});

test("characters are counted as the server counts them, and spans may overlap or come in any order", () => {
  expect(shown("𠮷a投诉", [[2, 4]])).toEqual(["𠮷a", "[投诉]"]);
  expect(
    shown("abcd", [
      [1, 3],
      [0, 2],
    ]),
  ).toEqual(["[ab]", "[c]", "d"]);
});

test("markup in a text stays text", () => {
  expect(shown("<b>x</b>", [[3, 4]])).toEqual(["<b>", "[x]", "</b>"]);
});
