import { ReplyFramer } from '../resp/reply-framer.ts';
import type { Part } from './gather.ts';

/** The error a part consists of, without `-` and line end; undefined when it is a reply. */
export function errorOf(part: Part): string | undefined {
  if (part.error !== undefined) return part.error;
  return part.reply?.[0] === 45 ? lineOf(part.reply) : undefined;
}

/** The first line of a reply without its type byte. */
export function lineOf(reply: Buffer): string {
  return reply.toString('latin1', 1, reply.indexOf(13));
}

/** The elements of an array reply as ranges, headers included; undefined when it is none (null arrays too). */
export function elementsOf(reply: Buffer): Buffer[] | undefined {
  if (reply[0] !== 42 && reply[0] !== 126 && reply[0] !== 62) return undefined;
  const count = Number(lineOf(reply));
  if (!(count >= 0)) return undefined;
  const elements: Buffer[] = [];
  const framer = new ReplyFramer();
  let from = reply.indexOf(10) + 1;
  for (let i = 0; i < count; i++) {
    if (!framer.next(reply, from, reply.length)) return undefined;
    framer.take();
    elements.push(reply.subarray(from, framer.end));
    from = framer.end;
  }
  return elements;
}

/** The first error among the parts, with `note(others)` behind it, as a reply. */
export function firstError(parts: readonly Part[], note: Note): Buffer | undefined {
  for (const part of parts) {
    const error = errorOf(part);
    if (error !== undefined)
      return Buffer.from(`-${error}${note(parts.filter((other) => errorOf(other) === undefined))}\r\n`, 'latin1');
  }
  return undefined;
}

/** Adds something to the error of one part, given the parts that succeeded. */
export type Note = (done: readonly Part[]) => string;

export const plain: Note = () => '';

/** What a write that failed on some shards has done on others. */
export function appliedInPart(command: string): Note {
  return (done) =>
    done.length === 0
      ? ''
      : `; ${command} was carried out in part: on ${[...new Set(done.map(({ shard }) => shard))].join(', ')}`;
}

/** Integers added up. */
export function mergeSum(parts: readonly Part[], note: Note = plain): Buffer {
  const failed = firstError(parts, note);
  if (failed !== undefined) return failed;
  let sum = 0n;
  for (const { reply } of parts) {
    const text = reply === undefined ? '' : lineOf(reply);
    if (reply?.[0] !== 58 || !/^-?\d+$/.test(text))
      return Buffer.from('-ERR a shard answered with something else than a number\r\n');
    sum += BigInt(text);
  }
  return Buffer.from(`:${sum}\r\n`);
}

/** The first error, else the first answer. */
export function mergeSucceeded(parts: readonly Part[], note: Note = plain): Buffer {
  return firstError(parts, note) ?? (parts[0]?.reply as Buffer);
}

/** All elements of all parts, one part behind the other. */
export function mergeConcat(parts: readonly Part[]): Buffer {
  const failed = firstError(parts, plain);
  if (failed !== undefined) return failed;
  const elements = parts.flatMap(({ reply }) => (reply === undefined ? [] : (elementsOf(reply) ?? [])));
  return Buffer.concat([Buffer.from(`*${elements.length}\r\n`), ...elements]);
}

/** One of the answers that are not null, by a number from 0 (inclusive) to 1; null when all are. */
export function mergeRandom(parts: readonly Part[], random: number): Buffer {
  const failed = firstError(parts, plain);
  if (failed !== undefined) return failed;
  const replies = parts.flatMap(({ reply }) => (reply === undefined ? [] : [reply]));
  const full = replies.filter((reply) => reply[0] !== 95 && !(reply[0] === 36 && reply[1] === 45));
  return full[Math.floor(random * full.length)] ?? (replies[0] as Buffer);
}

/**
 * One array in the order of the client's keys.
 * @param owners for each key the index of its part
 * @param whole an error of one part is the answer, instead of standing at the places of that part's keys
 */
export function mergeValues(parts: readonly Part[], owners: readonly number[], whole: boolean): Buffer {
  const failed = whole ? firstError(parts, plain) : undefined;
  if (failed !== undefined) return failed;
  const columns = parts.map((part) => {
    const error =
      errorOf(part) ??
      (part.reply && elementsOf(part.reply) ? undefined : 'ERR a shard answered with something else than an array');
    return error === undefined
      ? (elementsOf(part.reply as Buffer) as Buffer[])
      : Buffer.from(`-${error}\r\n`, 'latin1');
  });
  const next = parts.map(() => 0);
  const missing = Buffer.from('-ERR a shard answered with too few values\r\n');
  const pieces: Buffer[] = [Buffer.from(`*${owners.length}\r\n`)];
  for (const owner of owners) {
    const column = columns[owner];
    const value = Buffer.isBuffer(column) ? column : column?.[next[owner] as number];
    next[owner] = (next[owner] as number) + 1;
    pieces.push(value ?? missing);
  }
  return Buffer.concat(pieces);
}
