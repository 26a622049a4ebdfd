import { SOURCES } from './grammar.ts';
import type { Scanner } from './scanner.ts';
import { asLatin1, type Join, MAX_PARTS, MAX_SEGMENT, type Part } from './syntax.ts';

const WORD = /[A-Za-z][A-Za-z0-9_]*/y;
const NAME = /[-A-Za-z0-9_.~]+/y;
const JSON_NAME = /[-A-Za-z0-9_~]+/y;
const QUOTED = /(?:[^"\\\p{Cc}]|\\["\\])*/uy;
/** RFC 9110 §5.6.2; cookies have the same names (RFC 6265 §4.1.1). */
const TOKEN = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;

/**
 * `a + b`.
 * @throws ExpressionError
 */
export function parseJoin(scanner: Scanner): Join {
  const parts: Part[] = [];
  do {
    scanner.skipSpaces();
    if (parts.length === MAX_PARTS) throw scanner.error(`at most ${MAX_PARTS} parts`);
    parts.push(parsePart(scanner));
    scanner.skipSpaces();
  } while (scanner.takes('+'));
  return parts;
}

function parsePart(scanner: Scanner): Part {
  if (scanner.sees('"')) return { kind: 'text', text: parseText(scanner, 1) };
  const start = scanner.position;
  const word = scanner.reads(WORD);
  switch (word) {
    case 'header':
      return { kind: word, name: parseToken(scanner).toLowerCase() };
    case 'cookie':
      return { kind: word, name: parseToken(scanner) };
    case 'query':
      return { kind: word, name: parseName(scanner, NAME) };
    case 'json':
      return { kind: word, path: parseJsonPath(scanner) };
    case 'path':
      return scanner.takes('[') ? { kind: 'segment', index: parseIndex(scanner) } : { kind: word };
    case 'country':
      scanner.expect('(ip)');
      return { kind: word };
    case 'uri':
    case 'host':
    case 'method':
    case 'ip':
      return { kind: word };
    default:
      throw scanner.error(SOURCES, start);
  }
}

/** The name of a header or cookie, after its colon. */
function parseToken(scanner: Scanner): string {
  const start = scanner.position + 1;
  const name = parseName(scanner, NAME);
  if (!TOKEN.test(name)) throw scanner.error("a name of letters, digits and !#$%&'*+-.^_`|~", start);
  return name;
}

function parseName(scanner: Scanner, pattern: RegExp): string {
  scanner.expect(':');
  return parseBareOrText(scanner, pattern);
}

function parseBareOrText(scanner: Scanner, pattern: RegExp): string {
  if (scanner.sees('"')) return parseText(scanner, 1);
  const name = scanner.reads(pattern);
  if (name === undefined) throw scanner.error('a name of letters, digits, -, _, . and ~, or any name in double quotes');
  return name;
}

function parseJsonPath(scanner: Scanner): string[] {
  const path = [parseName(scanner, JSON_NAME)];
  while (scanner.takes('.')) path.push(parseBareOrText(scanner, JSON_NAME));
  return path;
}

function parseIndex(scanner: Scanner): number {
  const start = scanner.position;
  const digits = scanner.reads(/0|[1-9][0-9]*/y);
  if (digits === undefined || Number(digits) > MAX_SEGMENT) {
    throw scanner.error(`a number from 0 to ${MAX_SEGMENT}`, start);
  }
  scanner.expect(']');
  return Number(digits);
}

/** Quoted text of at least `min` characters, as latin1. */
export function parseText(scanner: Scanner, min: 0 | 1): string {
  scanner.expect('"');
  const raw = scanner.reads(QUOTED) ?? '';
  if (raw.length < min) throw scanner.error('some text before the closing "');
  scanner.expect('"', 'text up to a closing ", in which " and \\ have a \\ before them and control characters are not');
  return asLatin1(raw.replaceAll(/\\(.)/g, '$1'));
}
