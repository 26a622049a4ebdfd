import type { Fields } from './fields.ts';
import type { HeadSink } from './sink.ts';

/** Drops the lines of these kinds: bits `1 << kind`. */
export function dropKinds(head: Fields, kinds: number): void {
  if ((head.seen & kinds) === 0) return;
  for (let i = 0; i < head.count; i++) {
    const kind = head.kinds[i] as number;
    if (kind !== 0 && (kinds & (1 << kind)) !== 0) head.drop(i);
  }
}

/**
 * Copies `head` from `from` up to its empty line, without the lines that are dropped. Lines that stay next to each other
 * are one copy.
 */
export function copyLines(out: HeadSink, head: Fields, from: number): void {
  const { buffer } = head;
  let begin = from;
  if (head.anyDropped) {
    const { count, dropped, nameStart } = head;
    for (let i = 0; i < count; i++) {
      if (dropped[i] === 0) continue;
      const at = nameStart[i] as number;
      if (at > begin) out.append(buffer, begin, at);
      begin = head.lineEnd(i);
    }
  }
  const end = head.end - 2;
  if (end > begin) out.append(buffer, begin, end);
}
