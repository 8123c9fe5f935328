/** Parts of a text that were looked for, and what stands between them. Pure. */

export type Piece = { readonly text: string; readonly found: boolean; readonly at: number };

/** A text cut at its spans (places of characters, from the first to before the last); no HTML anywhere. */
export function pieces(text: string, spans: readonly (readonly unknown[])[]): Piece[] {
  const characters = Array.from(text); // the server counts characters, not UTF-16 units
  const cut: Piece[] = [];
  let at = 0;
  const add = (until: number, found: boolean) => {
    if (until > at) {
      cut.push({ text: characters.slice(at, until).join(""), found, at });
      at = until;
    }
  };
  const sorted = spans
    .map(([from, to]) => [Number(from), Number(to)] as const)
    .sort((one, two) => one[0] - two[0]);
  for (const [from, to] of sorted) {
    add(Math.min(from, characters.length), false);
    add(Math.min(to, characters.length), true);
  }
  add(characters.length, false);
  return cut;
}
