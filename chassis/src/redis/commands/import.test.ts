import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { condense } from './import.ts';

test('command files become facts: names with their container, keys, policies; Sentinel’s are left out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'motif-commands-'));
  const base = { group: 'string', since: '1.0.0', summary: 'not kept' };
  const range = { range: { lastkey: -1, step: 2, limit: 0 } };
  const keySpecs = [
    { flags: ['OW', 'NOT_KEY'], begin_search: { index: { pos: 1 } }, find_keys: range },
    {
      flags: ['INCOMPLETE'],
      begin_search: { keyword: { keyword: 'KEYS', startfrom: -2 } },
      find_keys: { keynum: { keynumidx: 0, firstkey: 1, step: 1 } },
    },
    { flags: [], begin_search: { unknown: null }, find_keys: { unknown: null } },
  ];
  const tips = ['REQUEST_POLICY:ALL_SHARDS', 'RESPONSE_POLICY:AGG_SUM', 'NONDETERMINISTIC_OUTPUT'];
  const write = (file: string, content: object) => writeFileSync(join(folder, file), JSON.stringify(content));
  try {
    write('z.json', {
      ZED: { ...base, arity: -2, command_flags: ['WRITE', 'DENYOOM'], key_specs: keySpecs, command_tips: tips },
    });
    write('a-b.json', { B: { ...base, arity: 2, container: 'A' } });
    write('s.json', { S: { ...base, arity: 2, command_flags: ['ONLY_SENTINEL'] } });
    writeFileSync(join(folder, 'README.md'), 'not a command');
    expect(condense(folder)).toEqual([
      { name: 'a|b', arity: 2, group: 'string', since: '1.0.0', flags: [] },
      {
        name: 'zed',
        arity: -2,
        group: 'string',
        since: '1.0.0',
        flags: ['write', 'denyoom'],
        keys: [
          { at: 1, range: [-1, 2, 0], notKey: true },
          { keyword: 'KEYS', from: -2, keynum: [0, 1, 1], incomplete: true },
          { unknown: true },
        ],
        request: 'all_shards',
        response: 'agg_sum',
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
