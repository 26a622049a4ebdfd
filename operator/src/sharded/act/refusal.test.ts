import { KubeApiError } from '@motif/kube';
import { describe, expect, test } from 'vitest';
import { RefusedError, TemplateError } from '../errors.ts';
import { refusalOf } from './refusal.ts';

const desired = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'cart-0' } };
const error = (status: number, reason: string, message: string, field?: string, retryable = false) =>
  new KubeApiError(message, {
    status,
    reason,
    retryable,
    maybeApplied: false,
    body: { message, ...(field === undefined ? {} : { details: { causes: [{ field }] } }) },
  });

describe('refusalOf', () => {
  test('a field of the template', () => {
    const refusal = refusalOf(
      error(422, 'Invalid', 'must be positive', 'spec.template.spec.containers[0].image'),
      desired,
    );
    expect(refusal).toBeInstanceOf(TemplateError);
    expect(refusal?.message).toBe('StatefulSet cart-0: must be positive');
    const unknown = error(400, 'BadRequest', 'strict decoding error: unknown field "spec.template.spec.nope"');
    expect(refusalOf(unknown, desired)).toBeInstanceOf(TemplateError);
  });

  test('a list with two items of one key, which the server calls an error of its own', () => {
    const text = 'failed to create typed patch object: .spec.template.spec.containers[name="a"].env: duplicate entries';
    expect(refusalOf(error(500, 'InternalError', text, undefined, true), desired)).toBeInstanceOf(TemplateError);
  });

  test('anything else that lasts', () => {
    expect(refusalOf(error(403, 'Forbidden', 'exceeded quota: small'), desired)).toBeInstanceOf(RefusedError);
    expect(
      refusalOf(error(422, 'Invalid', 'spec: Forbidden: updates to statefulset spec', 'spec'), desired),
    ).toBeInstanceOf(RefusedError);
  });

  test('what passes by is none', () => {
    for (const one of [
      error(409, 'Conflict', 'x'),
      error(404, 'NotFound', 'x'),
      error(500, 'InternalError', 'x', undefined, true),
    ]) {
      expect(refusalOf(one, desired)).toBeUndefined();
    }
    expect(refusalOf(new Error('x'), desired)).toBeUndefined();
  });
});
