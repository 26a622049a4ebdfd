import type { PlainRequest } from '@motif/api/expressions/testing';
import { headOf } from '../keys/testing.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Observed } from './observed.ts';
import { Trail } from './trail.ts';

/** An exchange that a test fills. */
export type Sample = { -readonly [K in keyof Observed]: Observed[K] };

/** A GET that came at 1000 ms and of which nothing else is known. */
export function sample(changes: Partial<Sample> = {}): Sample {
  return {
    method: 'GET',
    receivedAt: 1000,
    sentAt: 0,
    answeredAt: 0,
    status: 0,
    code: '',
    attempts: 0,
    requestBytes: 0,
    responseBytes: 0,
    stats: undefined,
    endpoint: '',
    trail: new Trail(),
    ...changes,
  };
}

/** The head of a request with these headers. */
export function head(headers: NonNullable<PlainRequest['headers']> = [], target = '/'): RequestHead {
  return headOf({ headers, target });
}

/** The value of a line of a scrape; undefined where there is none. */
export function metric(page: string, series: string): number | undefined {
  const line = page.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
