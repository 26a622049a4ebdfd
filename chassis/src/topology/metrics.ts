import type { Topology } from '@motif/api';
import type { Registry } from '@motif/kit';
import { Counter, Gauge } from '@motif/kit';

/** What `/metrics` tells about the topology. */
export class TopologyMetrics {
  readonly #epoch: Gauge;
  readonly #loads: Counter<'result'>;
  readonly #refused: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#epoch = new Gauge({
      name: 'motif_topology_epoch',
      help: 'Epoch of the topology in force; 0 while there is none.',
      registers,
    });
    this.#loads = new Counter({
      name: 'motif_topology_loads_total',
      help: 'Topology documents that were offered, by what became of them.',
      labelNames: ['result'],
      registers,
    });
    this.#refused = new Gauge({
      name: 'motif_topology_refused',
      help: '1 while the mounted document is broken or older, and the last good one stays in force.',
      registers,
    });
    for (const result of ['accepted', 'refused']) this.#loads.inc({ result }, 0);
  }

  accepted({ epoch }: Topology): void {
    this.#epoch.set(epoch);
    this.#loads.inc({ result: 'accepted' });
  }

  /** Whether the document that is mounted now was refused. */
  refused(refused: boolean): void {
    this.#refused.set(refused ? 1 : 0);
    if (refused) this.#loads.inc({ result: 'refused' });
  }
}
