import type { Clock } from '../clock/clock.ts';
import { errorMessage } from '../errors.ts';

/** The answer of one check. `reason` says why not; with `ok` it may tell of something worth knowing that is no reason to stop traffic. */
export interface CheckResult {
  readonly ok: boolean;
  readonly reason?: string;
}

/** Whether one thing that traffic needs is there. It must answer fast: from memory, not by a call. */
export type ReadinessCheck = () => CheckResult | Promise<CheckResult>;

/** The checks by name; looked at anew for each question, so checks may come and go. */
export type ReadinessChecks = Record<string, ReadinessCheck>;

/** All checks at one moment. */
export interface Readiness {
  readonly ok: boolean;
  readonly checks: readonly (CheckResult & { readonly name: string })[];
}

/** A check that takes longer has failed: kubelet itself waits one second by default. */
const LONGEST_CHECK_MS = 800;

/** Asks every check; one that throws or hangs has failed, with the reason. */
export async function askReadiness(checks: ReadinessChecks, clock: Clock): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, ...(await askOne(check, clock)) })),
  );
  return { ok: answers.every(({ ok }) => ok), checks: answers };
}

async function askOne(check: ReadinessCheck, clock: Clock): Promise<CheckResult> {
  const done = new AbortController();
  const late = clock.sleep(LONGEST_CHECK_MS, done.signal).then(
    () => ({ ok: false, reason: `no answer within ${LONGEST_CHECK_MS} ms` }),
    () => ({ ok: false }),
  );
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch (error) {
    return { ok: false, reason: errorMessage(error) };
  } finally {
    done.abort();
  }
}

/** The page of `/readyz`: what failed and why; with `verbose` every check, in the form of the API server's own page. */
export function renderReadiness({ ok, checks }: Readiness, verbose: boolean): string {
  const lines = checks
    .filter((check) => verbose || !check.ok)
    .map((check) => {
      const reason = check.reason === undefined ? '' : `: ${check.reason}`;
      return check.ok ? `[+]${check.name} ok${reason}` : `[-]${check.name} failed${reason}`;
    });
  return [...lines, ok ? 'ok' : 'not ready', ''].join('\n');
}
