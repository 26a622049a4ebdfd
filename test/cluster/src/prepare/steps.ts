/** One thing that has to be done to prepare a machine. */
export interface Step {
  /** What it is, as a person reads it: `Go program kube 1.34.4`. */
  readonly title: string;
  /** How long it takes on a machine of two cores that has nothing yet: measured, in seconds. */
  readonly usualSeconds: number;
  /** Whether it is done already; such a step is neither counted nor shown. */
  readonly done: () => Promise<boolean>;
  readonly work: () => Promise<void>;
}

/** Gets one line at a time; the caller prints it. */
export type Report = (line: string) => void;

/** `usually 7 min`, `usually 20 s`: rounded as one would say it. */
export function usually(seconds: number): string {
  if (seconds < 5) return 'usually a moment';
  if (seconds < 90) return `usually ${Math.round(seconds / 5) * 5} s`;
  return `usually ${Math.round(seconds / 60)} min`;
}

export function formatSeconds(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The line with which a step begins: where it stands, what it is, how long it usually takes. */
export function beginLine(index: number, count: number, step: Step): string {
  return `[${index}/${count}] ${step.title} … ${usually(step.usualSeconds)}`;
}

export function endLine(index: number, count: number, step: Step, seconds: number): string {
  return `[${index}/${count}] ${step.title}: done in ${formatSeconds(seconds)}`;
}

/**
 * Does the steps of each lane that are not done, the lanes side by side, the steps of a lane one after the other. A failure lets the other
 * lanes end their present step, and is thrown then.
 * @param now seconds of a monotonic clock.
 */
export async function runSteps(lanes: readonly (readonly Step[])[], report: Report, now: () => number): Promise<void> {
  const missing = await Promise.all(lanes.map((lane) => pending(lane)));
  const count = missing.flat().length;
  let started = 0;
  let failed = false;
  const outcomes = await Promise.allSettled(
    missing.map(async (lane) => {
      for (const step of lane) {
        if (failed) return;
        const index = ++started;
        const begin = now();
        report(beginLine(index, count, step));
        try {
          await step.work();
        } catch (error) {
          failed = true;
          throw error;
        }
        report(endLine(index, count, step, now() - begin));
      }
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function pending(lane: readonly Step[]): Promise<Step[]> {
  const done = await Promise.all(lane.map((step) => step.done()));
  return lane.filter((_, index) => !done[index]);
}
