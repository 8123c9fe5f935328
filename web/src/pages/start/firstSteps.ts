/** What a new house still has to do before its first morning. Pure. */

export type House = {
  /** People who may sign in. */
  people: number;
  /** Recorders that are set up. */
  sources: number;
  /** Calls on record, in whatever state. */
  calls: number;
};

export type Step = { key: "people" | "recordings"; done: boolean };

/** The steps in order; nothing where all are done. */
export function firstSteps({ people, sources, calls }: House): Step[] {
  const steps: Step[] = [
    { key: "recordings", done: sources > 0 || calls > 0 },
    { key: "people", done: people > 1 }, // more than whoever set it up
  ];
  return steps.every(({ done }) => done) ? [] : steps;
}
