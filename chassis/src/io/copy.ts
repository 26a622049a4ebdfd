/** Below this many bytes a loop is faster than the call into the runtime (measured in Node 24: 2.2 ns a byte against 80 ns a call). */
const LOOP_BYTES = 36;

/** Copies `source[start, end)` to `target` at `at`. The ranges do not overlap. */
export function copyBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): void {
  if (end - start <= LOOP_BYTES) {
    let to = at;
    for (let i = start; i < end; i++) target[to++] = source[i] as number;
  } else source.copy(target, at, start, end);
}
