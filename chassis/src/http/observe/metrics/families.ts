import { FastCounter, FastHistogram, type Registry, SIZE_BUCKETS } from '@motif/kit';

/** What `/metrics` tells about requests: the RED set by shard, and what the proxy did beside passing them on. */
export class HttpFamilies {
  readonly requests: FastCounter;
  readonly queue: FastHistogram;
  readonly duration: FastHistogram;
  readonly requestBytes: FastHistogram;
  readonly responseBytes: FastHistogram;
  readonly retries: FastCounter;
  readonly ejections: FastCounter;
  readonly recoveries: FastCounter;
  readonly hedges: FastCounter;
  readonly hedgesWon: FastCounter;
  readonly spilled: FastCounter;
  readonly connects: FastCounter;
  readonly ownAnswers: FastCounter;

  constructor(registry: Registry) {
    const counter = (name: string, help: string, ...labelNames: string[]): FastCounter =>
      new FastCounter({ name: `motif_http_${name}`, help, labelNames, registry });
    const seconds = (name: string, help: string): FastHistogram =>
      new FastHistogram({ name: `motif_http_${name}`, help, labelNames: ['shard'], registry });
    const bytes = (name: string, help: string): FastHistogram =>
      new FastHistogram({
        name: `motif_http_${name}`,
        help,
        labelNames: ['shard'],
        registry,
        buckets: SIZE_BUCKETS,
        scale: 1,
      });
    this.requests = counter('requests_total', 'Requests that ended.', 'shard', 'method', 'status');
    this.queue = seconds(
      'request_queue_seconds',
      "From a request's head to its last hand-over to a connection: waiting, connecting, failed attempts.",
    );
    this.duration = seconds(
      'request_duration_seconds',
      "From a request's last hand-over to a connection to the end of the answer.",
    );
    this.requestBytes = bytes('request_bytes', "Bytes of requests' bodies.");
    this.responseBytes = bytes('response_bytes', "Bytes of answers' bodies.");
    this.retries = counter('upstream_retries_total', 'Attempts after the first.', 'shard');
    this.ejections = counter('endpoint_ejections_total', 'How often an endpoint was taken out for failing.', 'shard');
    this.recoveries = counter('endpoint_recoveries_total', 'How often an ejected endpoint came back.', 'shard');
    this.hedges = counter('hedges_total', 'Second endpoints asked because the first was slow.', 'shard');
    this.hedgesWon = counter('hedges_won_total', 'Second endpoints that answered first.', 'shard');
    this.spilled = counter(
      'spilled_requests_total',
      'Requests that bounded load sent to another shard, by the shard of their key.',
      'shard',
    );
    this.connects = counter('upstream_connects_total', 'Connections to endpoints, made or failed.', 'shard', 'result');
    this.ownAnswers = counter('own_answers_total', 'Answers of the proxy itself, by x-motif-error.', 'code');
  }
}
