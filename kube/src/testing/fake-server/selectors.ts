import type { KubeObject } from '../../object.ts';

/** Whether an object matches the selectors of a list or watch. Throws on a form that the fake does not know. */
export function matches(object: KubeObject, labelSelector: string | null, fieldSelector: string | null): boolean {
  return matchesLabels(object.metadata.labels ?? {}, labelSelector ?? '') && matchesFields(object, fieldSelector ?? '');
}

function matchesLabels(labels: Record<string, string>, selector: string): boolean {
  // Commas inside of parentheses belong to a set.
  const terms = selector.split(/,(?![^(]*\))/).filter(Boolean);
  return terms.every((term) => matchesTerm(labels, term.trim()));
}

function matchesTerm(labels: Record<string, string>, term: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\((.*)\)$/.exec(term);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    const value = labels[set[1] ?? ''];
    const found = value !== undefined && values.includes(value);
    return set[2] === 'in' ? found : !found;
  }
  const pair = /^([^!=]+)(==|=|!=)(.*)$/.exec(term);
  if (pair) {
    const equal = labels[(pair[1] ?? '').trim()] === (pair[3] ?? '').trim();
    return pair[2] === '!=' ? !equal : equal;
  }
  return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
}

function matchesFields(object: KubeObject, selector: string): boolean {
  return selector
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [path = '', value] = term.split(/==?/);
      let found: unknown = object;
      for (const name of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[name];
      return String(found ?? '') === value;
    });
}
