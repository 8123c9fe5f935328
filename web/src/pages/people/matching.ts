/** People by what somebody types of them. Pure. */

type Found = { id: string; name: string; team: string | null };

/** Those of whom name, id or team has the text in it, in any case; all where there is none. */
export function matching<Person extends Found>(people: readonly Person[], text: string): Person[] {
  const wanted = text.trim().toLowerCase();
  return people.filter(({ id, name, team }) =>
    [id, name, team ?? ""].some((each) => each.toLowerCase().includes(wanted)),
  );
}

/** What was changed in a form: fields as they were are left out, so that nobody's change of another is undone. */
export function changes<Fields extends object>(before: Fields, after: Fields): Partial<Fields> {
  const keys = Object.keys(after) as (keyof Fields)[];
  return Object.fromEntries(
    keys
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, after[key]]),
  ) as Partial<Fields>;
}
