/** A buffer that also is seen as a `DataView`, so that eight bytes can be copied at a time. */
export interface ViewedBuffer extends Buffer {
  view?: DataView;
}

/**
 * Up to so many bytes a loop is faster than the call into the runtime. Measured in Node 24: 14 ns and 1.3 ns for each eight bytes
 * between two viewed buffers, 1.3 ns for each byte otherwise, 60 ns for a call.
 */
const VIEWED_BYTES = 224;
const LOOP_BYTES = 36;

/** Uninitialised memory of its own, viewed. For buffers that live long: the view costs more than it saves on one copy. */
export function allocateViewed(size: number): Buffer {
  const buffer: ViewedBuffer = Buffer.allocUnsafeSlow(size);
  buffer.view = new DataView(buffer.buffer, buffer.byteOffset, size);
  return buffer;
}

/** Copies `source[start, end)` to `target` at `at`. The ranges do not overlap. */
export function copyBytes(source: ViewedBuffer, start: number, end: number, target: ViewedBuffer, at: number): void {
  const size = end - start;
  if (size >= 8 && size <= VIEWED_BYTES) {
    const from = source.view;
    const to = target.view;
    if (from !== undefined && to !== undefined) {
      copyWords(from, start, end, to, at);
      return;
    }
  }
  if (size > LOOP_BYTES) {
    source.copy(target, at, start, end);
    return;
  }
  let to = at;
  for (let i = start; i < end; i++) target[to++] = source[i] as number;
}

/** For 8 bytes or more: word by word, and the last word once more from the end. */
function copyWords(from: DataView, start: number, end: number, to: DataView, at: number): void {
  const last = end - 8;
  let target = at;
  for (let i = start; i < last; i += 8, target += 8) to.setBigInt64(target, from.getBigInt64(i, true), true);
  to.setBigInt64(at + last - start, from.getBigInt64(last, true), true);
}
