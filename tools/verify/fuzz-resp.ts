/**
 * RESP scanners against bytes of every kind: what is valid is cut into the frames that a slow reference reader finds,
 * however it is split; what is mutated gives frames and then, at most, a ProtocolError, again the same for any split.
 */
import { pathToFileURL } from 'node:url';
import { seededRandom } from '@motif/kit/testing';
import { secondsFrom } from './arguments.ts';
import { Generator } from './resp-generator.ts';
import { readReplies, readRequests } from './resp-reference.ts';
import { type Seen, seenReplies, seenRequests } from './resp-scan.ts';

/** What a run did. */
export interface FuzzFigures {
  requests: number;
  replies: number;
  mutated: number;
  /** Each with the bytes that show it. */
  readonly disagreements: string[];
}

/** Enough to look into; a broken scanner would fill the memory with them. */
const MAX_DISAGREEMENTS = 20;

/**
 * Runs until `over` says so, asked before each round.
 * @param seed the same seed gives the same inputs
 */
export function fuzzResp(seed: number, over: () => boolean): FuzzFigures {
  const figures: FuzzFigures = { requests: 0, replies: 0, mutated: 0, disagreements: [] };
  const generator = new Generator(seededRandom(seed));
  while (!over() && figures.disagreements.length < MAX_DISAGREEMENTS) {
    const requests = generator.requests();
    const replies = generator.replies();
    figures.requests += requests.count;
    figures.replies += replies.count;
    check('requests', requests.bytes, requests.count, generator, figures);
    check('replies', replies.bytes, replies.count, generator, figures);
    figures.mutated += 2;
    check('requests', generator.mutate(requests.bytes), undefined, generator, figures);
    check('replies', generator.mutate(replies.bytes), undefined, generator, figures);
  }
  return figures;
}

type Kind = 'requests' | 'replies';

const SCAN = { requests: seenRequests, replies: seenReplies } as const;

/** @param count how many frames there are for sure; undefined for bytes of which nothing is known */
function check(kind: Kind, input: Buffer, count: number | undefined, generator: Generator, figures: FuzzFigures): void {
  const whole = SCAN[kind](input, []);
  const wanted = reference(kind, input);
  const complaints = [
    ...(whole.fault === undefined ? [] : [whole.fault]),
    ...(same(whole, wanted) ? [] : [`the reference reads ${show(wanted)}, the scanner ${show(whole)}`]),
    ...(count === undefined || whole.frames.length === count ? [] : [`${count} frames were generated`]),
  ];
  for (const cuts of [generator.cuts(input.length), everywhere(input.length)]) {
    const split = SCAN[kind](input, cuts);
    if (split.fault !== undefined) complaints.push(`split at ${cuts}: ${split.fault}`);
    if (!same(split, whole)) complaints.push(`split at ${cuts}: ${show(split)} instead of ${show(whole)}`);
  }
  for (const complaint of complaints)
    figures.disagreements.push(`${kind} ${JSON.stringify(input.toString('latin1'))}: ${complaint}`);
}

function reference(kind: Kind, input: Buffer): Seen {
  const text = input.toString('latin1');
  const { frames, end } = kind === 'requests' ? readRequests(text) : readReplies(text);
  return { frames: frames.map((frame) => JSON.stringify(frame)), end, fault: undefined };
}

/** Every place, for inputs short enough. */
function everywhere(length: number): number[] {
  return length > 2000 ? [] : Array.from({ length }, (_, i) => i);
}

function same(a: Seen, b: Seen): boolean {
  return a.end === b.end && a.frames.length === b.frames.length && a.frames.every((frame, i) => frame === b.frames[i]);
}

function show({ frames, end }: Seen): string {
  return `${frames.length} frames and then ${end}, the last ${frames.at(-1)?.slice(0, 100)}`;
}

/** @returns the line of figures */
export function summary(seconds: number, figures: FuzzFigures): string {
  const { requests, replies, mutated, disagreements } = figures;
  return `fuzz-resp: ${seconds} seconds, ${requests} requests, ${replies} replies, ${mutated} mutated, ${disagreements.length} disagreements`;
}

function main(): void {
  const seconds = secondsFrom(process.argv);
  const seed = Date.now() % 2 ** 31;
  console.log(`fuzz-resp: seed ${seed}`);
  const until = performance.now() + seconds * 1000;
  const figures = fuzzResp(seed, () => performance.now() >= until);
  for (const disagreement of figures.disagreements) console.error(disagreement);
  console.log(summary(seconds, figures));
  process.exitCode = figures.disagreements.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
