import type { Clock, Random } from '@motif/kit';
import type { Observed } from '../observed.ts';

/** What of a target is told: longer ones are cut, and shorter where each byte takes six, so that a line always fits into one chunk. */
export const LONGEST_TARGET = 1024;
const LONGEST_ESCAPED = 400;

export interface AccessLogOptions {
  /** One request in so many is told; 1: all. */
  readonly every: number;
  /** The query is told as well: it may hold what is nobody's business. */
  readonly query: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly write: (line: string) => void;
}

/** One line of JSON for each request that is told, in the form of the process's other log lines. */
export class AccessLog {
  readonly #options: AccessLogOptions;

  constructor(options: AccessLogOptions) {
    this.#options = options;
  }

  /** Whether the request that begins now is told. By chance, not by counting: no pattern of requests can hide from it. */
  wants(): boolean {
    return this.#options.every === 1 || this.#options.random() * this.#options.every < 1;
  }

  write(x: Observed, now: number): void {
    const { clock, query, write } = this.#options;
    const { trail, stats } = x;
    const sent = x.sentAt > 0;
    let line = `{"ts":"${new Date(clock.now()).toISOString()}","level":"info","msg":"request"`;
    line += `,"method":${quote(x.method)},"path":${shown(trail.target, query)},"status":${x.status}`;
    if (x.code !== '') line += `,"error":${quote(x.code)}`;
    line += `,"requestBytes":${x.requestBytes},"responseBytes":${x.responseBytes}`;
    line += `,"totalMs":${ms(now - x.receivedAt)},"queueMs":${ms((sent ? x.sentAt : now) - x.receivedAt)}`;
    if (sent) line += `,"upstreamMs":${ms(now - x.sentAt)}`;
    if (x.answeredAt > 0) line += `,"firstByteMs":${ms(x.answeredAt - x.sentAt)}`;
    if (stats !== undefined) line += `,"shard":${quote(stats.shard)}`;
    if (x.endpoint !== '') line += `,"endpoint":${quote(x.endpoint)}`;
    line += `,"attempts":${x.attempts}`;
    if (trail.traceId !== '') line += `,"traceId":"${trail.traceId}"`;
    write(`${line}}`);
  }
}

/** The target as JSON. */
function shown(target: string, query: boolean): string {
  const mark = query ? -1 : target.indexOf('?');
  const text = mark === -1 ? target : target.slice(0, mark);
  const quoted = quote(cut(text, LONGEST_TARGET));
  return quoted.length > LONGEST_TARGET * 2 + 8 ? quote(cut(text, LONGEST_ESCAPED)) : quoted;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** JSON in ASCII: bytes beyond it are as a client sent them, and may be no text at all. */
function quote(text: string): string {
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u0080-\uffff]/g, escaped);
}

/** Milliseconds to the microsecond. */
function ms(span: number): number {
  return Math.round(Math.max(span, 0) * 1000) / 1000;
}
