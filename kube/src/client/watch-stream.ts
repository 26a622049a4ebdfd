import { type ApiStatus, KubeApiError, WatchProtocolError } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import { LineSplitter } from '../watch/lines.ts';
import type { Call, Caller } from './caller.ts';
import { eventFailure, transportFailure } from './failure.ts';
import type { WatchEvent } from './types.ts';

const TYPES: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/** Opens a watch and reads its lines; `ERROR` events become a `KubeApiError` (410: `isGone`). */
export async function openWatch<T extends KubeObject>(
  caller: Caller,
  call: Call,
): Promise<AsyncIterable<WatchEvent<T>>> {
  const what = `watch ${call.path.split('?')[0]}`;
  const body = await caller.run({ ...call, stream: true }, async (response) => response.body);
  return readEvents<T>(what, body, call.signal);
}

async function* readEvents<T extends KubeObject>(
  what: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent<T>> {
  const splitter = new LineSplitter();
  try {
    for await (const chunk of body) {
      for (const line of splitter.push(chunk)) yield parseEvent<T>(what, line);
    }
  } catch (error) {
    if (error instanceof WatchProtocolError || error instanceof KubeApiError) throw error;
    throw signal?.aborted ? signal.reason : transportFailure(what, error);
  }
  // A line that was cut off is an event that was not received: the next watch starts before it.
  if (splitter.pending > 0) throw transportFailure(what, new Error('the stream ended in the middle of a line'));
}

/** One line of a watch. Throws `WatchProtocolError` for what is not an event, `KubeApiError` for an `ERROR` event. */
export function parseEvent<T extends KubeObject>(what: string, line: string): WatchEvent<T> {
  let event: Partial<WatchEvent<T>> | null;
  try {
    event = JSON.parse(line) as Partial<WatchEvent<T>> | null;
  } catch (cause) {
    throw new WatchProtocolError(`${what}: not JSON: ${line.slice(0, 80)}`, { cause });
  }
  if (event?.type === 'ERROR') throw eventFailure(what, (event.object ?? {}) as ApiStatus);
  if (event === null || !TYPES.has(event.type ?? '') || typeof event.object?.metadata?.resourceVersion !== 'string') {
    throw new WatchProtocolError(`${what}: not an event: ${line.slice(0, 80)}`);
  }
  return event as WatchEvent<T>;
}
