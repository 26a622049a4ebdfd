import { parseKeyExpression } from '@motif/api/expressions/parse';
import type { Part } from '@motif/api/expressions/syntax';
import { kindOfName, OTHER } from '../message/field-kinds.ts';
import type { RequestHead } from '../message/request-head.ts';
import { cookieRange } from './cookies.ts';
import type { ByteRange } from './range.ts';
import { pathRange, queryRange, segmentRange, uriRange } from './target.ts';

/** Finds a part of a request as a range of its bytes. @returns false where it is not there */
export type Finder = (head: RequestHead, range: ByteRange) => boolean;

/**
 * The key's expressions, each as the finders of its parts; undefined where one asks for what is not in the head as it was sent (addresses, countries,
 * bodies). Other keys are hashed where they lie, or put together from bytes: no text is made of them.
 * @throws ExpressionError
 */
export function findersOf(expressions: readonly string[]): readonly (readonly Finder[])[] | undefined {
  const found: Finder[][] = [];
  for (const expression of expressions) {
    const finders = parseKeyExpression(expression).flatMap((part) => finderOf(part) ?? []);
    if (finders.length < parseKeyExpression(expression).length) return undefined;
    found.push(finders);
  }
  return found;
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
    case 'text':
      return textFinder(part.text);
    case 'path':
      return always(pathRange);
    case 'uri':
      return always(uriRange);
    case 'host':
      return always((head, range) => range.set(head.buffer, head.hostStart, head.hostEnd));
    case 'method':
      return always((head, range) => range.set(head.buffer, head.start, head.start + head.method.length));
    default:
      return undefined;
  }
}

function always(find: (head: RequestHead, range: ByteRange) => void): Finder {
  return (head, range) => {
    find(head, range);
    return true;
  };
}

/** @param text latin1 */
function textFinder(text: string): Finder {
  const bytes = Buffer.from(text, 'latin1');
  return always((_, range) => range.set(bytes, 0, bytes.length));
}

/** As `head.find`, with what depends on the name alone worked out beforehand. */
function headerFinder(name: string): Finder {
  const kind = kindOfName(name);
  const { length } = name;
  return (head, range) => {
    if (kind !== OTHER && !head.has(kind)) return false;
    const { count, kinds, nameStart, nameEnd } = head;
    for (let i = 0; i < count; i++) {
      if (kinds[i] !== kind || (nameEnd[i] as number) - (nameStart[i] as number) !== length) continue;
      if (!head.isNamed(i, name)) continue;
      range.set(head.buffer, head.valueStart[i] as number, head.valueEnd[i] as number);
      return true;
    }
    return false;
  };
}
