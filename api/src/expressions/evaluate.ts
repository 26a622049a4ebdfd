import type { Join, Part } from './syntax.ts';
import type { ExpressionNeeds, RequestView } from './view.ts';

/** A part's value; undefined or empty when it is absent. */
export type PartValue = (view: RequestView) => string | undefined;

/** A part as a closure, so that nothing of the expression is looked at again for a request. */
export function compilePart(part: Part): PartValue {
  switch (part.kind) {
    case 'header':
      return (view) => view.header(part.name);
    case 'cookie':
      return (view) => view.cookie(part.name);
    case 'query':
      return (view) => view.query(part.name);
    case 'segment':
      return (view) => view.segment(part.index);
    case 'json':
      return (view) => view.json(part.path);
    case 'text':
      return () => part.text;
    case 'path':
      return (view) => view.path();
    case 'uri':
      return (view) => view.uri();
    case 'host':
      return (view) => view.host();
    case 'method':
      return (view) => view.method();
    case 'ip':
      return (view) => view.ip();
    case 'country':
      return (view) => view.country();
  }
}

/** What has to be at hand for these. */
export function needsOf(joins: readonly Join[]): ExpressionNeeds {
  const uses = (kind: Part['kind']): boolean => joins.some((parts) => parts.some((part) => part.kind === kind));
  return { body: uses('json'), country: uses('country'), ip: uses('ip') || uses('country') };
}
