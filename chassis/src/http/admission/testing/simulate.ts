import type { Random } from '@motif/kit';
import { Admission } from '../admission.ts';
import type { ConcurrencyLimit } from '../limits.ts';

/** A shard as a queue: so many requests at a time, each for an exponentially distributed while. */
export interface Simulation {
  readonly limit: ConcurrencyLimit;
  readonly random: Random;
  readonly workers: number;
  /** The mean service time at a moment, in milliseconds. */
  readonly serviceMs: (now: number) => number;
  /** Requests per second at a moment; they come by chance, whether or not others are answered. */
  readonly rate: (now: number) => number;
  readonly forMs: number;
  /** Requests that take longer than this are given up, and leave as timed out. */
  readonly timeoutMs?: number;
}

/** One second of it. */
export interface Second {
  answered: number;
  shed: number;
  timedOut: number;
  /** Mean latency of what was answered, waiting for admission aside. */
  latencyMs: number;
  /** At the end of the second. */
  limit: number;
}

interface Job {
  readonly sentAt: number;
  end: number;
}

const STEP_MS = 0.5;

/** What clients of the shard saw, by seconds. */
export function simulate({ limit, random, workers, serviceMs, rate, forMs, timeoutMs }: Simulation): Second[] {
  const admission = new Admission({ limit, queueLength: 50, queueAgeMs: 100 });
  const seconds: Second[] = [];
  const queue: Job[] = [];
  let running: Job[] = [];
  let current: Second = { answered: 0, shed: 0, timedOut: 0, latencyMs: 0, limit: 0 };
  let now = 0;
  let next = 0;
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const serve = () => {
    for (let job = queue[0]; job !== undefined && running.length < workers; job = queue[0]) {
      queue.shift();
      running.push({ sentAt: job.sentAt, end: now + exponential(serviceMs(now)) });
    }
  };
  const waiter = {
    admitted: () => void queue.push({ sentAt: now, end: 0 }),
    shed: () => void current.shed++,
  };
  const finish = (job: Job) => {
    const ok = timeoutMs === undefined || now - job.sentAt < timeoutMs;
    if (ok) {
      current.answered++;
      current.latencyMs += now - job.sentAt;
    } else current.timedOut++;
    admission.leave(now, now - job.sentAt, ok);
  };
  for (; now < forMs; now += STEP_MS) {
    for (; next <= now; next += exponential(1000 / rate(now))) {
      if (admission.tryEnter()) waiter.admitted();
      else admission.wait(waiter, now);
    }
    const done = running.filter(({ end }) => end <= now);
    running = running.filter(({ end }) => end > now);
    for (const job of done) finish(job);
    admission.expire(now);
    serve();
    if ((now + STEP_MS) % 1000 === 0) {
      seconds.push({ ...current, latencyMs: current.latencyMs / current.answered, limit: limit.limit });
      current = { answered: 0, shed: 0, timedOut: 0, latencyMs: 0, limit: 0 };
    }
  }
  return seconds;
}

/** The mean of a figure over some seconds. */
export function mean(seconds: readonly Second[], figure: keyof Second, from: number, to: number): number {
  const some = seconds.slice(from, to);
  return some.reduce((sum, second) => sum + second[figure], 0) / some.length;
}
