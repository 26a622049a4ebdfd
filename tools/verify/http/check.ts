import { llhttpMethods, llhttpRequests, llhttpResponses } from '../../../test/conformance/http/llhttp.ts';
import { ours, type Side } from '../../../test/conformance/http/ours.ts';
import { bodiless, stricter } from '../../../test/conformance/http/stricter.ts';
import { type Message, same, told, type Understood } from '../../../test/conformance/http/understood.ts';

/** What is meant for one connection, or was said by a peer that is not trusted: never passed on as it came. */
const NOT_PASSED_ON =
  /^(connection|keep-alive|proxy-connection|te|upgrade|proxy-authorization|proxy-authenticate|transfer-encoding|forwarded|x-forwarded-.*|x-real-ip)$/;

const ALIASES = 'content_length|transfer_encoding|x_real_ip|x_forwarded_for|max_forwards|proxy_connection';
const WRONG_IN_REQUESTS = new RegExp(`^(keep-alive|proxy-connection|proxy-authorization|x-real-ip|${ALIASES})$`);
const WRONG_IN_RESPONSES = /^(keep-alive|proxy-connection|proxy-authenticate)$/;

/** What became of an input: everything wrong with it, and a key that is the same for inputs of one kind. */
export interface Verdict {
  readonly complaints: readonly string[];
  readonly kind: string;
  /** How many there were: understood, refused or not ended yet. */
  readonly messages: number;
}

/**
 * Reads an input whole and cut, by us and by llhttp.
 * @param forwarded whether also what we pass on is read, by both
 */
export function check(
  bytes: Buffer,
  side: Side,
  cutsOfThis: readonly (readonly number[])[],
  forwarded: boolean,
): Verdict {
  const complaints: string[] = [];
  const whole = ours(bytes, side);
  for (const cuts of cutsOfThis) {
    const split = ours(bytes, side, cuts);
    if (!same(split, whole) && !waits(split, whole)) {
      complaints.push(`cut at ${cuts}: ${told(split)} instead of ${told(whole)}`);
    }
  }
  const peer = byLlhttp(bytes, side);
  const difference = compare(whole, peer);
  if (difference !== undefined) complaints.push(`${difference}: llhttp ${told(peer)}, we ${told(whole)}`);
  if (forwarded) {
    for (const message of whole.messages) {
      // A message that is refused in its middle is never ended: the connection that it went to is destroyed.
      if (message.whole || whole.end !== 'refused') complaints.push(...checkForwarded(message, side));
    }
  }
  const open = whole.messages.at(-1)?.whole === false;
  const messages = whole.messages.length + (!open && (whole.end === 'refused' || whole.end === 'more') ? 1 : 0);
  return { complaints, kind: kindOf(whole, peer), messages };
}

/** A head that is wrong but has no end yet is refused when its end comes: only where it came in pieces. */
function waits(split: Understood, whole: Understood): boolean {
  return whole.end === 'refused' && split.end === 'more' && same({ ...split, end: 'refused', why: whole.why }, whole);
}

function byLlhttp(bytes: Buffer, side: Side): Understood {
  return side.kind === 'requests' ? llhttpRequests(bytes) : llhttpResponses(bytes, side.method);
}

/** What two readers disagree about in a way that lets a message be smuggled; that we refuse more is no disagreement. */
export function compare(one: Understood, other: Understood): string | undefined {
  for (let i = 0; ; i++) {
    const a = one.messages[i];
    const b = other.messages[i];
    if (a?.whole === true && b?.whole === true) {
      if (bodiless(a)) return undefined;
      if (!alike(a, b)) return `message ${i} is not the same`;
      continue;
    }
    if (a?.whole === true) {
      if (bodiless(a)) return undefined;
      if (other.end === 'stopped' || (other.end === 'refused' && stricter(a, other.why))) return undefined;
      return `only we take message ${i} (${other.end} ${other.why})`;
    }
    const ended = one.end === 'refused' || one.end === 'stopped';
    return b?.whole === true && !ended ? `only the other takes message ${i} (${one.end} here)` : undefined;
  }
}

function alike(a: Message, b: Message): boolean {
  if (a.start !== b.start || a.target !== b.target || a.body !== b.body) return false;
  if (a.fields.length !== b.fields.length) return false;
  return a.fields.every(([name, value], i) => b.fields[i]?.[0] === name && b.fields[i]?.[1] === value);
}

/** What we pass on is one message with the same meaning, for llhttp and for ourselves. */
function checkForwarded(message: Message, side: Side): string[] {
  const known = side.kind === 'responses' || llhttpMethods.has(message.start);
  const text = known ? message.forwarded : message.forwarded.replace(/^\S+/, 'POST');
  const bytes = Buffer.from(text, 'latin1');
  const complaints: string[] = [];
  for (const reader of [byLlhttp, ours]) {
    const seen = reader(bytes, side);
    const one = seen.messages[0];
    const closed = seen.end === 'all' || seen.end === 'stopped';
    if (one === undefined || seen.messages.length > 1 || one.whole !== message.whole || (message.whole && !closed)) {
      complaints.push(`what is passed on is not one message: ${JSON.stringify(text)}: ${told(seen)}`);
    } else if (one.body !== message.body || (known && one.start !== message.start)) {
      complaints.push(`what is passed on is another message: ${JSON.stringify(text)}: ${told(seen)}`);
    } else complaints.push(...checkFields(message, one, side));
  }
  return complaints;
}

function checkFields(message: Message, passed: Message, side: Side): string[] {
  const complaints: string[] = [];
  const key = ([name, value]: readonly [string, string]): string => `${name}: ${value}`;
  const named = new Set(valuesOf(message, 'connection').flatMap((value) => value.toLowerCase().split(/[ \t]*,[ \t]*/)));
  const count = (name: string): number => valuesOf(passed, name).length;
  if (side.kind === 'requests' && count('host') !== 1) complaints.push(`${count('host')} Host fields are passed on`);
  if (count('content-length') + count('transfer-encoding') > 1) complaints.push('two lengths are passed on');
  if (side.kind === 'requests' && valuesOf(passed, 'x-forwarded-for').join() !== '192.0.2.1') {
    complaints.push('X-Forwarded-For is not the peer');
  }
  const there = new Set(passed.fields.map(key));
  for (const field of message.fields) {
    const [name] = field;
    const own = NOT_PASSED_ON.test(name) || name.includes('_') || named.has(name);
    const rewritten = name === 'host' || name === 'content-length' || name === 'expect' || name === 'max-forwards';
    if (!own && !rewritten && !there.has(key(field))) complaints.push(`${key(field)} is not passed on`);
  }
  const wrong = side.kind === 'requests' ? WRONG_IN_REQUESTS : WRONG_IN_RESPONSES;
  for (const [name] of passed.fields) if (wrong.test(name)) complaints.push(`${name} is passed on`);
  return complaints;
}

function valuesOf(message: Message, name: string): string[] {
  return message.fields.filter((field) => field[0] === name).map((field) => field[1]);
}

/** Inputs of one kind are understood in the same way: a measure of what has been tried. */
function kindOf(whole: Understood, peer: Understood): string {
  const { messages } = whole;
  const last = messages.at(-1);
  const shape =
    last === undefined ? '' : `${last.traits} ${last.start.length} ${Math.min(last.body.length, 4)} ${last.whole}`;
  return `${shape} ${Math.min(messages.length, 2)} ${whole.end} ${whole.why} ${peer.end} ${peer.why}`;
}
