import { errorMessage } from '@motif/kit';
import type { Deliver, Delivery } from './exporter.ts';

/** What of `fetch` is used; the runtime's own unless a test says otherwise. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface DeliverOptions {
  /** As OTEL_EXPORTER_OTLP_ENDPOINT says it: `/v1/traces` is appended. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch?: Fetch;
}

/** One delivery takes at most this long; as OTEL_EXPORTER_OTLP_TIMEOUT. */
const TIMEOUT_MS = 10_000;
/** Answers are short; what is longer is not read. */
const LONGEST_ANSWER = 65_536;
/** After these a delivery may be tried again (OTLP/HTTP, "Retryable Response Codes"). */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Deliveries over OTLP/HTTP with JSON bodies. The runtime's own `fetch` does it: nothing is added to the bundle. */
export function deliverTo({ endpoint, headers, fetch: ask = fetch }: DeliverOptions): Deliver {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return async (body) => {
    try {
      const response = await ask(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await judge(response);
    } catch (error) {
      return { result: 'retry', reason: errorMessage(error) };
    }
  };
}

async function judge(response: Response): Promise<Delivery> {
  const text = (await response.text()).slice(0, LONGEST_ANSWER);
  if (response.ok) return { result: 'ok', rejected: rejectedOf(text) };
  const reason = `the collector answered ${response.status}: ${text.slice(0, 200)}`;
  if (!RETRYABLE.has(response.status)) return { result: 'refused', reason };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { result: 'retry', reason, ...(seconds >= 0 ? { afterMs: seconds * 1000 } : {}) };
}

/** Of an answer with `partialSuccess`; 64-bit numbers are text in OTLP's JSON. */
function rejectedOf(text: string): number {
  try {
    const answer = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: string | number } } | null;
    const rejected = Number(answer?.partialSuccess?.rejectedSpans ?? 0);
    return rejected > 0 ? rejected : 0;
  } catch {
    // Some collectors answer 200 with something else than JSON, or nothing.
    return 0;
  }
}
