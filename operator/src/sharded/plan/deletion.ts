/** An object of ours that the specification does not ask for. */
export interface Surplus<T> {
  readonly item: T;
  /** A change of the resource that we saw asked for this. */
  readonly explained: boolean;
}

/** What the planner of deletions knows. */
export interface DeletionInput<T> {
  /** In the order in which they should go. */
  readonly surplus: readonly Surplus<T>[];
  readonly generation: number;
  /** The value of `motif.dev/confirm-deletes`, if a person set it. */
  readonly confirmed: string | undefined;
  /** Whether the status says already that deletions wait. */
  readonly waiting: boolean;
}

export interface DeletionPlan<T> {
  readonly now: readonly T[];
  readonly later: readonly T[];
}

/**
 * Which objects may be deleted.
 *
 * What a change of the resource explains goes, and so does everything once a person has confirmed it for this generation. Of the
 * rest nobody knows why they are too many (a restored backup, a mistake of ours): one goes, once, and the others wait for a person.
 */
export function planDeletions<T>({ surplus, generation, confirmed, waiting }: DeletionInput<T>): DeletionPlan<T> {
  const all = surplus.map(({ item }) => item);
  if (confirmed === String(generation)) return { now: all, later: [] };
  const unexplained = surplus.filter(({ explained }) => !explained).map(({ item }) => item);
  const held = new Set(waiting ? unexplained : unexplained.slice(1));
  return { now: all.filter((item) => !held.has(item)), later: all.filter((item) => held.has(item)) };
}
