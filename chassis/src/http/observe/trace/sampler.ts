/** The samplers of OTEL_TRACES_SAMPLER (https://opentelemetry.io/docs/languages/sdk-configuration/general/). */
export const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

/** Whether a trace is recorded. `parent` is the caller's own decision; undefined where the trace begins here. */
export type Sampler = (traceId: string, parent: boolean | undefined) => boolean;

/**
 * The sampler of this name.
 * @param ratio of traces that are recorded by the `traceidratio` ones, 0 to 1
 */
export function samplerOf(name: SamplerName, ratio: number): Sampler {
  const root = rootSampler(name, ratio);
  return name.startsWith('parentbased_') ? (traceId, parent) => parent ?? root(traceId) : (traceId) => root(traceId);
}

function rootSampler(name: SamplerName, ratio: number): (traceId: string) => boolean {
  if (name.endsWith('always_on')) return () => true;
  if (name.endsWith('always_off')) return () => false;
  // By the id's last 7 bytes, of which a double takes 52 bits: services that go by the same ratio record the same traces.
  const threshold = (1 - ratio) * 2 ** 52;
  return (traceId) => Number.parseInt(traceId.slice(18, 31), 16) >= threshold;
}
