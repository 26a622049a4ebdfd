import { type Rule, sentence } from '../crd/fields.ts';

/** A rule that lets through only what works by now; `found` is CEL for the value to show. */
export function notYet(rule: string, found: string, allowed: string, what = 'does not work yet'): Rule {
  return {
    rule,
    message: `${what} (not yet supported); allowed: ${allowed}`,
    messageExpression: sentence(`found %s, which ${what} (not yet supported); allowed: ${allowed}`, found),
  };
}

/** The same for a field that only one protocol has, as a rule of the specification: `found` is CEL for the value to show. */
export function onlyFor(protocol: string, field: string, found: string, why = ''): Rule {
  const reason = `applies to protocol ${protocol} only${why}; allowed: leaving it out`;
  return {
    rule: `self.protocol == '${protocol}' || !has(self.${field})`,
    message: reason,
    messageExpression: sentence(`found %s: ${reason}`, found),
    fieldPath: `.${field}`,
  };
}
