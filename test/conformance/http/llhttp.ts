import { createRequire } from 'node:module';
import type { Message, Understood } from './understood.ts';

/** Node's own binding of llhttp, as `node:http` uses it: not a documented interface, which is why only tests have it. */
interface Parser {
  [callback: number]: ((...args: never[]) => unknown) | null;
  initialize(kind: number, resource: object, maxHeaderSize: number, lenient: number): void;
  execute(bytes: Buffer, from: number, size: number): number | (Error & { code: string; bytesParsed: number });
  finish(): undefined | (Error & { code: string });
}
interface Binding {
  readonly HTTPParser: {
    new (): Parser;
    readonly REQUEST: number;
    readonly RESPONSE: number;
    readonly kOnHeaders: number;
    readonly kOnHeadersComplete: number;
    readonly kOnBody: number;
    readonly kOnMessageComplete: number;
    readonly kLenientNone: number;
  };
  readonly methods: readonly string[];
}

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as Binding;

/** The methods that llhttp knows; it refuses all others. */
export const llhttpMethods: ReadonlySet<string> = new Set(methods);

const MAX_HEADER_BYTES = 1 << 20;
const SKIP_BODY = 1;
const parser = new HTTPParser();

/** What llhttp, in its strict mode, makes of the requests of a connection. */
export function llhttpRequests(bytes: Buffer): Understood {
  return read(HTTPParser.REQUEST, bytes, '', false);
}

/** What llhttp, in its strict mode, makes of the responses of a connection that ends after them. */
export function llhttpResponses(bytes: Buffer, method: string): Understood {
  return read(HTTPParser.RESPONSE, bytes, method, true);
}

interface Open extends Message {
  readonly fields: [string, string][];
}

function read(kind: number, bytes: Buffer, method: string, ends: boolean): Understood {
  const messages: Open[] = [];
  let early: string[] = [];
  let url = '';
  let upgraded = false;
  let current: Open | undefined;
  parser.initialize(kind, {}, MAX_HEADER_BYTES, HTTPParser.kLenientNone);
  parser[HTTPParser.kOnHeaders] = (flat: string[], target: string) => {
    // Trailers come here as well: they are not compared.
    if (current !== undefined && !current.whole) return;
    early = [...early, ...flat];
    url += target;
  };
  parser[HTTPParser.kOnHeadersComplete] = (...args: never[]) => {
    const [, , flat, number, target, status, , upgrade] = args as unknown as [
      number,
      number,
      string[] | undefined,
      number,
      string | undefined,
      number,
      string,
      boolean,
    ];
    const fields = pairs(flat ?? early);
    early = [];
    const start = kind === HTTPParser.REQUEST ? (methods[number] ?? '?') : String(status);
    current = { start, target: target ?? url, fields, body: '', whole: false, forwarded: '', traits: '' };
    url = '';
    messages.push(current);
    upgraded = upgrade;
    return method === 'HEAD' ? SKIP_BODY : 0;
  };
  parser[HTTPParser.kOnBody] = (piece: Buffer) => {
    if (current !== undefined) current.body += piece.toString('latin1');
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (current !== undefined) current.whole = true;
  };
  const result = parser.execute(bytes, 0, bytes.length);
  if (typeof result !== 'number') {
    const end = result.code === 'HPE_CLOSED_CONNECTION' ? 'stopped' : 'refused';
    return { messages, end, why: result.code };
  }
  if (upgraded || result < bytes.length) return { messages, end: 'stopped', why: 'upgrade' };
  const unfinished = ends ? parser.finish() : undefined;
  if (unfinished !== undefined && unfinished !== null) return { messages, end: 'more', why: unfinished.code };
  const open = current !== undefined && !current.whole;
  return { messages, end: open ? 'more' : 'all', why: '' };
}

function pairs(flat: readonly string[]): [string, string][] {
  const fields: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    fields.push([(flat[i] as string).toLowerCase(), (flat[i + 1] as string).replace(/^[ \t]+|[ \t]+$/g, '')]);
  }
  return fields;
}
