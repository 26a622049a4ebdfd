import { expect, it } from 'vitest';
import { parseMetrics, total } from './metrics.ts';

it('reads samples with their labels and adds up those that are asked for', () => {
  const text =
    '# HELP a b\n# TYPE a counter\na{method="GET",code="200"} 3\na{method="PATCH",code="200"} 2\na{method="PATCH",code="409"} 1\nb 7\n';
  const samples = parseMetrics(text);
  expect(samples).toHaveLength(4);
  expect(total(samples, 'a', ({ method }) => method === 'PATCH')).toBe(3);
  expect(total(samples, 'b', () => true)).toBe(7);
});
