import { describe, expect, test } from 'vitest';
import { defineSettings } from './define.ts';
import { choice, listen, text } from './kinds.ts';
import { MARKERS, renderDockerfileLines, renderReadmeTable, replaceBetween } from './render.ts';
import { optional } from './setting.ts';
import { brokenPromises, snapshotOf } from './snapshot.ts';

const definition = defineSettings({
  container: 'sample',
  settings: {
    ADMIN: listen({ default: '0.0.0.0:9900', about: 'Admin.' }),
    LISTEN: listen({ default: '127.0.0.1:6379', about: 'Traffic.' }),
    MODE: choice({ of: ['a', 'b'], about: 'Either | or.' }),
    PASSWORD: optional(text({ secret: true, about: 'Secret.' })),
  },
});

test('the README table has a row for each setting', () => {
  expect(renderReadmeTable(definition)).toBe(
    [
      '| setting | default | allowed | meaning |',
      '| --- | --- | --- | --- |',
      '| `ADMIN` | `0.0.0.0:9900` | host:port, such as 127.0.0.1:6379, 0.0.0.0:9900 or [::]:80 | Admin. |',
      '| `LISTEN` | `127.0.0.1:6379` | host:port, such as 127.0.0.1:6379, 0.0.0.0:9900 or [::]:80 | Traffic. |',
      '| `MODE` | *none, required* | one of a, b | Either \\| or. |',
      '| `PASSWORD` | *none* | text of at most 1024 characters | Secret. |',
    ].join('\n'),
  );
});

test('the Dockerfile lines carry defaults, ports in order and OCI labels, never a secret', () => {
  expect(renderDockerfileLines(definition, { title: 'motif/sample', description: 'A sample.', version: '1.2.3' })).toBe(
    [
      'ENV ADMIN="0.0.0.0:9900"',
      'ENV LISTEN="127.0.0.1:6379"',
      'EXPOSE 6379 9900',
      'LABEL org.opencontainers.image.title="motif/sample"',
      'LABEL org.opencontainers.image.description="A sample."',
      'LABEL org.opencontainers.image.version="1.2.3"',
      'LABEL org.opencontainers.image.licenses="Apache-2.0"',
      'LABEL org.opencontainers.image.vendor="Motif"',
    ].join('\n'),
  );
});

test('only what is between the markers is replaced, again and again', () => {
  const [begin, end] = MARKERS.markdown;
  const before = `# Title\n${begin}\nold\n${end}\nrest\n`;
  const after = replaceBetween(before, MARKERS.markdown, 'new');
  expect(after).toBe(`# Title\n${begin}\nnew\n${end}\nrest\n`);
  expect(replaceBetween(after, MARKERS.markdown, 'new')).toBe(after);
  expect(() => replaceBetween('no markers', MARKERS.markdown, 'x')).toThrow('are not there');
});

describe('promises of a release', () => {
  const released = snapshotOf(definition);
  const changed = (settings: Parameters<typeof defineSettings>[0]['settings']) =>
    brokenPromises(released, { container: 'sample', settings: { ...definition.settings, ...settings } });

  test('the same definition keeps them', () => {
    expect(brokenPromises(released, definition)).toEqual([]);
  });

  test('a changed default, allowed value or meaning, a lost name and a new demand each break one', () => {
    expect(changed({ LISTEN: listen({ default: '127.0.0.1:6380', about: 'Traffic.' }) })).toEqual([
      'LISTEN: its default was "127.0.0.1:6379" and is "127.0.0.1:6380"',
    ]);
    expect(changed({ MODE: choice({ of: ['a'], about: 'Either | or.' }) })).toHaveLength(1);
    expect(changed({ MODE: choice({ of: ['a', 'b'], about: 'Other.' }) })).toHaveLength(1);
    expect(changed({ EXTRA: text({ about: 'New.' }) })).toEqual(['EXTRA is new and required']);
    const { MODE: _, ...rest } = definition.settings;
    expect(brokenPromises(released, { container: 'sample', settings: rest })).toEqual(['MODE is gone']);
  });

  test('a new setting that may be left out breaks none', () => {
    expect(changed({ EXTRA: text({ default: 'x', about: 'New.' }), MORE: optional(text({ about: 'New.' })) })).toEqual(
      [],
    );
  });
});
