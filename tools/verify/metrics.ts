/** One sample of a Prometheus text exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a page of metrics; comments are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (found === null) return [];
    const labels = [...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((pair) => [pair[1], pair[2]]);
    return [{ name: found[1] ?? '', labels: Object.fromEntries(labels), value: Number(found[3]) }];
  });
}

/** The sum of the samples of one name whose labels `matches` accepts. */
export function total(
  samples: readonly Sample[],
  name: string,
  matches: (labels: Sample['labels']) => boolean,
): number {
  return samples.filter((one) => one.name === name && matches(one.labels)).reduce((sum, { value }) => sum + value, 0);
}
