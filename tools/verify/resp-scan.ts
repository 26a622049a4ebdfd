import { ProtocolError } from '@motif/chassis/redis/resp/protocol-error';
import { ReplyFramer } from '@motif/chassis/redis/resp/reply-framer';
import { INLINE, MORE, RequestScanner } from '@motif/chassis/redis/resp/request-scanner';

/** What a scanner made of an input. */
export interface Seen {
  /** As JSON, like the reference's. */
  readonly frames: readonly string[];
  readonly end: 'more' | 'wrong';
  /** Something that must never happen, whatever the bytes are. */
  readonly fault: string | undefined;
}

/** Feeds the bytes up to each of `cuts` in turn, all of them at last. */
export function seenRequests(input: Buffer, cuts: readonly number[]): Seen {
  const scanner = new RequestScanner();
  const frames: string[] = [];
  scanner.begin(input, 0);
  return guarded(frames, () => {
    for (const end of [...cuts, input.length]) {
      for (let result = scanner.next(end); result !== MORE; result = scanner.next(end)) {
        if (scanner.position > end || scanner.start >= scanner.position) throw new Error('a frame without bytes');
        frames.push(JSON.stringify(result === INLINE ? lineOf(scanner) : argumentsOf(scanner)));
        if (frames.length > input.length) throw new Error('more frames than bytes');
      }
    }
  });
}

function lineOf({ buffer, start, position }: RequestScanner): string {
  return buffer.toString('latin1', start, position);
}

function argumentsOf({ buffer, starts, ends, count }: RequestScanner): string[] {
  return Array.from({ length: count }, (_, i) => buffer.toString('latin1', starts[i], ends[i]));
}

/** Feeds the bytes between the cuts, each piece once and in a buffer of its own. */
export function seenReplies(input: Buffer, cuts: readonly number[]): Seen {
  const framer = new ReplyFramer();
  const frames: string[] = [];
  let begun = 0;
  let at = 0;
  return guarded(frames, () => {
    for (const end of [...cuts, input.length]) {
      const piece = Buffer.from(input.subarray(at, end));
      let from = 0;
      while (from < piece.length && framer.next(piece, from, piece.length)) {
        if (framer.end <= from || framer.end > piece.length) throw new Error('a frame without bytes');
        from = framer.end;
        const type = String.fromCharCode(framer.take());
        frames.push(JSON.stringify({ bytes: input.toString('latin1', begun, at + from), type }));
        begun = at + from;
      }
      at = end;
    }
  });
}

function guarded(frames: string[], run: () => void): Seen {
  try {
    run();
    return { frames, end: 'more', fault: undefined };
  } catch (error) {
    if (error instanceof ProtocolError) return { frames, end: 'wrong', fault: undefined };
    return { frames, end: 'wrong', fault: String(error) };
  }
}
