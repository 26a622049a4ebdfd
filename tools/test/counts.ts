/** What the runs of `npm test` add up to. Pure: vitest's JSON report in, counts out. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

/**
 * Counts of one vitest run. A file that failed before its tests were collected (a syntax error, a hook that threw) counts
 * as one failure, a skipped test as a failure too: a test that did not run has shown nothing.
 *
 * @param text vitest's JSON report
 * @throws SyntaxError when the text is no JSON
 */
export function countVitest(text: string): Counts {
  const report = JSON.parse(text) as VitestReport;
  const failedFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !hasFailedTest(file.assertionResults),
  );
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + failedFiles.length + skipped };
}

function hasFailedTest(results: readonly unknown[]): boolean {
  return results.some((result) => (result as { status?: string }).status === 'failed');
}

/** A step that passes or fails as a whole: the type-check, the linter. */
export function countStep(exitCode: number): Counts {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

/** The closing line of a run, which CI reads. */
export function closingLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed`;
}
