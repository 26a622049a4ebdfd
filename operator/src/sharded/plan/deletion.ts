/** What the planner of deletions knows. `T` is whatever names the objects. */
export interface DeletionInput<T> {
  /** Objects of ours that the specification does not ask for, in the order in which they should go. */
  readonly surplus: readonly T[];
  readonly generation: number;
  /** The generation that the status says has been carried out; undefined: none yet. */
  readonly observedGeneration: number | undefined;
  /** The value of `motif.dev/confirm-deletes`, if a person set it. */
  readonly confirmed: string | undefined;
  /** Whether the status says already that deletions of this generation wait. */
  readonly waiting: boolean;
}

export interface DeletionPlan<T> {
  readonly now: readonly T[];
  readonly later: readonly T[];
}

/**
 * Which objects may be deleted.
 *
 * Asked for by the generation that is being carried out, or confirmed by a person for it: all. Otherwise nobody knows why they
 * are too many (a restored backup, a mistake of ours): one, once, and the rest waits for a person.
 */
export function planDeletions<T>(input: DeletionInput<T>): DeletionPlan<T> {
  const { surplus, generation, observedGeneration } = input;
  const changed = observedGeneration !== undefined && observedGeneration < generation;
  if (changed || input.confirmed === String(generation)) return { now: surplus, later: [] };
  if (input.waiting) return { now: [], later: surplus };
  return { now: surplus.slice(0, 1), later: surplus.slice(1) };
}
