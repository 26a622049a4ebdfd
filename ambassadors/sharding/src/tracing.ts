import { deliverTo } from '@motif/chassis/http/observe/otlp/deliver';
import { SpanExporter } from '@motif/chassis/http/observe/otlp/exporter';
import { samplerOf } from '@motif/chassis/http/observe/trace/sampler';
import { Tracer } from '@motif/chassis/http/observe/trace/tracer';
import { Counter, VERSION } from '@motif/kit';
import type { Context } from './proxy.ts';

/** Traces as the settings want them; undefined where no collector is named. */
export function tracingOf({ settings, registry, logger, clock, random }: Context) {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const counter = new Counter({
    name: 'motif_otlp_spans_total',
    help: 'Spans by what became of them: exported, dropped (no room), failed (the collector did not take them).',
    labelNames: ['result'],
    registers: [registry],
  });
  const resource = {
    ...pairsOf(settings.OTEL_RESOURCE_ATTRIBUTES),
    'service.name': settings.OTEL_SERVICE_NAME,
  };
  const deliver = deliverTo({ endpoint, headers: pairsOf(settings.OTEL_EXPORTER_OTLP_HEADERS) });
  const exporter = new SpanExporter({ deliver, resource, version: VERSION, clock, random, logger, counter });
  const sampler = samplerOf(settings.OTEL_TRACES_SAMPLER, Number(settings.OTEL_TRACES_SAMPLER_ARG));
  const tracer = new Tracer({ sampler, clock, random, add: (span) => exporter.add(span) });
  return { option: { tracer }, close: () => exporter.close() };
}

/** `name=value,name=value` with percent-encoded values (W3C Baggage, as OpenTelemetry's settings have it). */
export function pairsOf(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const mark = pair.indexOf('=');
      return [pair.slice(0, mark).trim(), decoded(pair.slice(mark + 1).trim())];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A lone % stands for itself.
    return value;
  }
}
