import type { ServerResponse } from 'node:http';
import { apiVersionOf, type ResourceRef, resourceName } from '../../resource.ts';
import type { Change, Database } from './database.ts';
import type { FakeFaults } from './faults.ts';
import { matches } from './selectors.ts';
import { StatusError } from './status.ts';

export interface WatchRequest {
  readonly ref: ResourceRef;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
}

/** Streams changes until the time is over, with a bookmark at the start and at the end, as the API server does. */
export function serveWatch(
  request: WatchRequest,
  response: ServerResponse,
  database: Database,
  faults: FakeFaults,
): void {
  const { ref, query } = request;
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const forward = (change: Change) => {
    const event = eventOf(change, request);
    if (event === undefined || faults.takeEvent(resourceName(ref))) return;
    send(event.type, event.object);
  };
  const bookmark = () => {
    const metadata = { resourceVersion: `${database.version}` };
    if (query.get('allowWatchBookmarks') === 'true')
      send('BOOKMARK', { kind: ref.kind, apiVersion: apiVersionOf(ref), metadata });
  };
  try {
    const past = database.since(Number(query.get('resourceVersion') || database.version));
    for (const change of past) forward(change);
  } catch (error) {
    // The API server answers 200 and tells of a version that is too old inside of the stream.
    if (!(error instanceof StatusError)) throw error;
    send('ERROR', error.status);
    response.end();
    return;
  }
  bookmark();
  const unsubscribe = database.subscribe(forward);
  const timer = setTimeout(
    () => {
      bookmark();
      response.end();
    },
    Number(query.get('timeoutSeconds') ?? 1800) * 1000,
  );
  response.on('close', () => {
    clearTimeout(timer);
    unsubscribe();
  });
}

/** The event of a change under a selector: what comes to match is added, what ceases to match is deleted. */
function eventOf(change: Change, { ref, namespace, query }: WatchRequest) {
  if (change.resource !== resourceName(ref)) return undefined;
  const selected = (object: Change['after']) =>
    object !== undefined &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matches(object, query.get('labelSelector'), query.get('fieldSelector'));
  const [was, is] = [selected(change.before), selected(change.after)];
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: change.after };
  if (!was || change.before === undefined) return undefined;
  const metadata = { ...change.before.metadata, resourceVersion: `${change.version}` };
  return { type: 'DELETED', object: { ...change.before, metadata } };
}
