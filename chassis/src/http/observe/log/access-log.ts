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
  /** The time of the last line, and its text. */
  #at = 0;
  #time = '';

  constructor(options: AccessLogOptions) {
    this.#options = options;
  }

  /** Whether the request that begins now is told. By chance, not by counting: no pattern of requests can hide from it. */
  wants(): boolean {
    return this.#options.every === 1 || this.#options.random() * this.#options.every < 1;
  }

  write(x: Observed, now: number): void {
    const { query, write } = this.#options;
    const { trail, stats } = x;
    const sent = x.sentAt > 0;
    let line = `{"ts":"${this.#now()}","level":"info","msg":"request"`;
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

  #now(): string {
    const at = this.#options.clock.now();
    if (at !== this.#at) {
      this.#at = at;
      this.#time = new Date(at).toISOString();
    }
    return this.#time;
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

/** Printable ASCII without quotes and backslashes: JSON leaves it as it is. */
const PLAIN = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

/** JSON in ASCII: bytes beyond it are as a client sent them, and may be no text at all. */
function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escaped);
}

/** Milliseconds to the microsecond. From whole numbers: the shortest text of a double is dear to find. */
function ms(span: number): string {
  const micros = Math.max(Math.round(span * 1000), 0);
  const whole = Math.floor(micros / 1000);
  const rest = micros - whole * 1000;
  return rest === 0 ? `${whole}` : `${whole}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}`;
}
