import { describe, expect, it } from 'vitest';
import { add, closingLine, countStep, countVitest } from './counts.ts';

const report = (over: object) => JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [], ...over });

describe('counting a run', () => {
  it('takes the tests that passed and failed', () => {
    expect(countVitest(report({ numFailedTests: 2 }))).toEqual({ passed: 3, failed: 2 });
  });

  it('counts a file that never came to its tests as one failure', () => {
    const testResults = [
      { name: 'a', status: 'failed', assertionResults: [] },
      { name: 'b', status: 'failed', assertionResults: [{ status: 'failed' }] },
      { name: 'c', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(countVitest(report({ numFailedTests: 1, testResults }))).toEqual({ passed: 3, failed: 2 });
  });

  it('counts what was skipped as failed', () => {
    expect(countVitest(report({ numPendingTests: 1, numTodoTests: 1 }))).toEqual({ passed: 3, failed: 2 });
  });

  it('ends in the line that CI reads', () => {
    expect(closingLine(add(countStep(0), add(countStep(1), { passed: 40, failed: 0 })))).toBe('41 passed, 1 failed');
  });
});
