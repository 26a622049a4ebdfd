/**
 * HTTP messages of every kind against the message code: the bytes mean the same wherever they are cut; llhttp in its strict
 * mode never understands another message than we do; what is passed on is one message with the same body, for both.
 * Guided by coverage: an input that runs a new block, or is understood in a new way, is kept and changed further.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { seededRandom } from '@motif/kit/testing';
import type { Side } from '../../test/conformance/http/ours.ts';
import { secondsFrom } from './arguments.ts';
import { check } from './http/check.ts';
import { Coverage } from './http/coverage.ts';
import { Generator } from './http/generator.ts';

/** An input: `requests`, or `responses` to GET or HEAD; the text is latin1. */
export interface Seed {
  readonly side: 'requests' | 'GET' | 'HEAD';
  readonly text: string;
}

/** What a run did. */
export interface FuzzFigures {
  /** Connections: one to three messages, one behind the other. */
  inputs: number;
  messages: number;
  /** Ways in which inputs were understood. */
  kinds: number;
  /** Blocks of the message code that ran. */
  blocks: number;
  readonly disagreements: string[];
}

const corpusFile = fileURLToPath(new URL('../../test/conformance/http/testdata/corpus.json', import.meta.url));
/** Enough to look into; a broken parser would fill the memory with them. */
const MAX_DISAGREEMENTS = 20;
const MAX_CORPUS = 4000;
/** Of each second: the rest of the time goes on from what was found, faster. */
const GUIDED_MS = 100;
/** Inputs between two looks at the counters, which take a few milliseconds. */
const BATCH = 100;
/** Of this many inputs one is also read byte by byte. */
const BYTE_BY_BYTE = 32;
/** Of this many inputs, what is passed on is read again for one: that takes most of the time. */
const FORWARDED = 4;
/** The corpus in the repository stays small. */
const KEPT = 400;
const KEPT_BYTES = 400;

const SIDES: Readonly<Record<Seed['side'], Side>> = {
  requests: { kind: 'requests' },
  GET: { kind: 'responses', method: 'GET' },
  HEAD: { kind: 'responses', method: 'HEAD' },
};

/** The inputs that are kept in the repository. */
export function readCorpus(): Seed[] {
  return existsSync(corpusFile) ? JSON.parse(readFileSync(corpusFile, 'utf8')) : [];
}

/** Tries inputs one after the other. */
export class Fuzzer {
  readonly figures: FuzzFigures = { inputs: 0, messages: 0, kinds: 0, blocks: 0, disagreements: [] };
  readonly corpus: Seed[] = [];
  readonly #generator: Generator;
  readonly #kinds = new Set<string>();

  constructor(seed: number) {
    this.#generator = new Generator(seededRandom(seed));
  }

  get over(): boolean {
    return this.figures.disagreements.length >= MAX_DISAGREEMENTS;
  }

  /** Tries one input. @returns whether it was understood in a new way: then it is kept */
  try(seed: Seed): boolean {
    const { figures } = this;
    const bytes = Buffer.from(seed.text, 'latin1');
    const cuts = [this.#generator.cuts(bytes.length)];
    if (figures.inputs++ % BYTE_BY_BYTE === 0) cuts.push([...bytes.keys()]);
    const { complaints, kind, messages } = check(bytes, SIDES[seed.side], cuts, figures.inputs % FORWARDED === 0);
    figures.messages += messages;
    for (const complaint of complaints) figures.disagreements.push(`${JSON.stringify(seed)}: ${complaint}`);
    if (this.#kinds.has(kind)) return false;
    this.#kinds.add(kind);
    figures.kinds = this.#kinds.size;
    this.keep(seed);
    return true;
  }

  /** The next input to try: made new, or one of the corpus changed. */
  next(): Seed {
    const generator = this.#generator;
    const known = this.corpus.length > 0 && generator.below(5) > 0 ? generator.pick(this.corpus) : undefined;
    if (known === undefined) {
      const side = generator.pick(['requests', 'requests', 'GET', 'HEAD'] as const);
      return { side, text: side === 'requests' ? generator.requests() : generator.responses() };
    }
    return { side: known.side, text: generator.mutate(known.text, generator.pick(this.corpus).text) };
  }

  keep(seed: Seed): void {
    if (this.corpus.length < MAX_CORPUS) this.corpus.push(seed);
    else this.corpus[this.#generator.below(MAX_CORPUS)] = seed;
  }
}

/**
 * The kept inputs, then others with the runtime's counters on: slower, but what runs something new is found and kept. The
 * counters are switched on before any of the code has run: of what is compiled already there are none.
 */
async function guided(fuzzer: Fuzzer, until: number): Promise<void> {
  const coverage = new Coverage();
  await coverage.start();
  for (const kept of readCorpus()) {
    fuzzer.try(kept);
    fuzzer.keep(kept);
  }
  while (performance.now() < until && !fuzzer.over) {
    const batch = Array.from({ length: BATCH }, () => fuzzer.next());
    for (const seed of batch) fuzzer.try(seed);
    // The counters do not say which one ran the new block; any of the batch may lead on from there.
    if ((await coverage.fresh()) > 0) for (const seed of batch) fuzzer.keep(seed);
  }
  fuzzer.figures.blocks = coverage.blocks;
  await coverage.stop();
}

/** @returns the line of figures */
export function summary(seconds: number, { inputs, messages, kinds, blocks, disagreements }: FuzzFigures): string {
  return `fuzz-http: ${seconds} seconds, ${inputs} inputs, ${messages} messages, ${kinds} kinds, ${blocks} blocks, ${disagreements.length} disagreements`;
}

async function main(): Promise<void> {
  const seconds = secondsFrom(process.argv);
  // Every other input is refused: without stacks that takes half the time.
  Error.stackTraceLimit = 0;
  const seed = Date.now() % 2 ** 31;
  console.log(`fuzz-http: seed ${seed}`);
  const from = performance.now();
  const fuzzer = new Fuzzer(seed);
  await guided(fuzzer, from + seconds * GUIDED_MS);
  while (performance.now() < from + seconds * 1000 && !fuzzer.over) fuzzer.try(fuzzer.next());
  for (const disagreement of fuzzer.figures.disagreements) console.error(disagreement);
  console.log(summary(seconds, fuzzer.figures));
  process.exitCode = fuzzer.figures.disagreements.length === 0 ? 0 : 1;
  if (process.argv.includes('--keep')) keepCorpus(fuzzer);
}

/** Keeps the shortest inputs of the corpus. */
function keepCorpus(fuzzer: Fuzzer): void {
  const seeds = fuzzer.corpus.filter(({ text }) => text.length <= KEPT_BYTES);
  seeds.sort((a, b) => a.text.length - b.text.length);
  writeFileSync(corpusFile, `${JSON.stringify(seeds.slice(0, KEPT), undefined, 1)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
