import { parseKeyExpression } from '@motif/api/expressions/parse';
import type { Part } from '@motif/api/expressions/syntax';
import type { RequestHead } from '../message/request-head.ts';
import { cookieRange } from './cookies.ts';
import type { ByteRange } from './range.ts';
import { pathRange, queryRange, segmentRange, uriRange } from './target.ts';

/** Finds a part of a request as a range of its bytes. @returns false where it is not there */
export type Finder = (head: RequestHead, range: ByteRange) => boolean;

/**
 * The key's expressions as finders, the first that finds a byte counting; undefined where one of them joins parts or asks for what is
 * not in the head as it was sent. Such keys are hashed where they lie: no text is made of them.
 * @throws ExpressionError
 */
export function findersOf(expressions: readonly string[]): readonly Finder[] | undefined {
  const finders = expressions.map((expression) => {
    const parts = parseKeyExpression(expression);
    return parts.length === 1 ? finderOf(parts[0] as Part) : undefined;
  });
  return finders.every((finder) => finder !== undefined) ? finders : undefined;
}

function finderOf(part: Part): Finder | undefined {
  switch (part.kind) {
    case 'header':
      return headerFinder(part.name);
    case 'cookie':
      return (head, range) => cookieRange(head, part.name, range);
    case 'query':
      return (head, range) => queryRange(head, part.name, range);
    case 'segment':
      return (head, range) => segmentRange(head, part.index, range);
    case 'path':
      return (head, range) => {
        pathRange(head, range);
        return true;
      };
    case 'uri':
      return (head, range) => {
        uriRange(head, range);
        return true;
      };
    case 'host':
      return (head, range) => {
        range.set(head.buffer, head.hostStart, head.hostEnd);
        return true;
      };
    default:
      return undefined;
  }
}

function headerFinder(name: string): Finder {
  return (head, range) => {
    const index = head.find(name, 0);
    if (index === -1) return false;
    range.set(head.buffer, head.valueStart[index] as number, head.valueEnd[index] as number);
    return true;
  };
}
