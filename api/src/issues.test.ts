import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatIssues, issuesOf } from './issues.ts';

const schema = z.strictObject({ list: z.array(z.strictObject({ weight: z.int().min(1) })), name: z.string() });

function said(input: unknown): string {
  const { error } = schema.safeParse(input);
  return error === undefined ? 'nothing' : formatIssues(issuesOf(error, input));
}

describe('issues', () => {
  it('name the path, what was found and what is expected, all of them', () => {
    const text = said({ list: [{ weight: 1 }, { weight: 0 }] });
    expect(text).toMatch(/^list\[1\]\.weight: found 0, .*>=1; name: found nothing, expected string/);
  });

  it('name the whole document where there is none', () => {
    expect(said(null)).toMatch(/^document: found null, expected object/);
  });

  it('show long values in part', () => {
    expect(said({ list: 'x'.repeat(500), name: 'a' }).length).toBeLessThan(200);
  });
});
