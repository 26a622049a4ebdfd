import { z } from 'zod';
import { described, type Rule, sentence } from '../crd/fields.ts';
import { KEY_FORM, SOURCES } from '../expressions/grammar.ts';

const ALLOWED = `${SOURCES}; up to 8 of them joined by + (docs/reference/expressions.md)`;

const expression = described(z.string().min(1).max(256), 'A request expression.', [
  {
    rule: `self.matches(r'${KEY_FORM.valid}')`,
    message: `not a request expression; allowed: ${ALLOWED}`,
    messageExpression: sentence(
      `found %s, of which "%s" was understood; allowed after that: ${ALLOWED}`,
      'self',
      `self.find(r'${KEY_FORM.understood}')`,
    ),
  },
]);

/** `spec.sharding.key`. */
export const key = described(
  z.array(expression).max(8).exactOptional(),
  'For protocol http, and required there: what of a request is its key. Request expressions (docs/reference/expressions.md), of which the first that is present counts, for instance ["header:x-shard-key", "uri"]. A request for which none is present is refused with 400.',
);

const keys = 'self.sharding.key';
const hasKey = `has(${keys})`;

/** Rules of the specification. */
export const keyRules: readonly Rule[] = [
  {
    rule: `self.protocol != 'http' || (${hasKey} && ${keys}.size() > 0)`,
    message:
      'found nothing, but protocol http needs it; allowed: 1 to 8 request expressions, for instance ["header:x-shard-key", "uri"]',
    fieldPath: '.sharding.key',
  },
  {
    rule: `self.protocol == 'http' || !${hasKey} || ${keys}.size() == 0`,
    message:
      'applies to protocol http only: the commands of redis say themselves what their keys are; allowed: leaving it out',
    messageExpression: sentence(
      'found %s: applies to protocol http only, the commands of redis say themselves what their keys are; allowed: leaving it out',
      keys,
    ),
    fieldPath: '.sharding.key',
  },
  {
    rule: `has(self.geoDatabase) || !${hasKey} || !${keys}.exists(k, k.matches(r'${KEY_FORM.country}'))`,
    message:
      'country(ip) looks into spec.geoDatabase, which is not there; allowed: other expressions, or with geoDatabase',
    messageExpression: sentence(
      'found %s without spec.geoDatabase, into which country(ip) looks; allowed: other expressions, or with geoDatabase',
      keys,
    ),
    fieldPath: '.sharding.key',
  },
  {
    rule: `self.router.replicas > 0 || (has(self.trustedProxies) && self.trustedProxies.size() > 0) || !${hasKey} || ${keys}.size() == 0 || !${keys}.all(k, k.matches(r'${KEY_FORM.peerOnly}'))`,
    message:
      'with router.replicas 0 all clients are ambassadors, where the peer is the pod itself: all its requests would have one key; allowed: other expressions, or trustedProxies',
    messageExpression: sentence(
      'found %s with router.replicas 0: all clients are then ambassadors, where the peer is the pod itself, so that all its requests have one key; allowed: other expressions, or trustedProxies',
      keys,
    ),
    fieldPath: '.sharding.key',
  },
  {
    rule: `!(self.sharding.algorithm in ['map', 'range']) || !${hasKey} || !${keys}.exists(k, k.matches(r'${KEY_FORM.joined}'))`,
    message:
      'map and range compare whole keys with text, and a + b has lengths before its parts; allowed: expressions of one part',
    messageExpression: sentence(
      'found %s with algorithm %s, which compares whole keys with text, while a + b has lengths before its parts; allowed: expressions of one part',
      keys,
      'self.sharding.algorithm',
    ),
    fieldPath: '.sharding.key',
  },
];
