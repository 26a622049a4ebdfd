import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { described, listMap, sentence, stringMap } from './fields.ts';
import { structuralSchema } from './structural.ts';

describe('a structural schema', () => {
  it('has types, bounds, defaults and descriptions, and no word that the API server does not take', () => {
    const schema = z.strictObject({
      name: described(z.string().max(9).regex(/^a$/), 'A name.'),
      count: described(z.int().min(1).max(5).default(3), 'A count.'),
      free: z.int().exactOptional(),
      one: z.literal('x').exactOptional(),
      labels: stringMap(63, 4).exactOptional(),
    });
    expect(structuralSchema(schema)).toEqual({
      type: 'object',
      required: ['name'],
      properties: {
        name: { description: 'A name.', type: 'string', pattern: '^a$', maxLength: 9 },
        count: { description: 'A count.', type: 'integer', default: 3, minimum: 1, maximum: 5 },
        free: { type: 'integer' },
        one: { type: 'string', enum: ['x'] },
        labels: { type: 'object', maxProperties: 4, additionalProperties: { type: 'string', maxLength: 63 } },
      },
    });
  });

  it('lets through what a loose object does not know, and merges lists by key', () => {
    const list = listMap(z.looseObject({ name: z.string().max(3) }), 'name', 2);
    expect(structuralSchema(z.strictObject({ list }))).toMatchObject({
      properties: {
        list: {
          type: 'array',
          maxItems: 2,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { 'x-kubernetes-preserve-unknown-fields': true, required: ['name'] },
        },
      },
    });
    expect(list.safeParse([{ name: 'a' }, { name: 'a' }]).error?.issues[0]?.path).toEqual([1, 'name']);
    expect(stringMap(3, 1).safeParse({ a: '', b: '' }).success).toBe(false);
  });

  it('writes out the default of an object whose fields have defaults', () => {
    const inner = z.strictObject({ a: z.enum(['X', 'Y']).default('X'), b: z.int().exactOptional() }).prefault({});
    const { properties } = structuralSchema(z.strictObject({ outer: z.strictObject({ inner }).prefault({}) }));
    expect(properties?.outer?.default).toEqual({ inner: { a: 'X' } });
  });

  it('refuses what has no one type', () => {
    expect(() => structuralSchema(z.strictObject({ a: z.union([z.int(), z.string()]) }))).toThrow('.a: a structural');
  });
});

describe('sentence', () => {
  it('quotes its text and takes values of several types', () => {
    expect(sentence("it's %s and %d", 'self.a', 'self.b')).toBe(
      "'it\\'s %s and %d'.format([dyn(self.a), dyn(self.b)])",
    );
  });
});
