import type { Clock, Logger, Random } from '@motif/kit';
import { createApplier, type EventRecorder, type KubeClient, OwnWrites } from '@motif/kube';
import type { Controller } from './runtime/index.ts';
import { shardedServiceController } from './sharded/controller.ts';
import type { DataPlane } from './sharded/desired/router-deployment.ts';
import { createCaches, type InformerParts } from './sharded/world/caches.ts';

export interface ControllersOptions {
  /** For the passes; fenced by the lease. */
  readonly client: KubeClient;
  /** For lists and watches, on standbys too. */
  readonly reader: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly recorder: EventRecorder;
  /** None: all. */
  readonly namespaces: readonly string[];
  readonly workers: number;
  readonly dataPlane: DataPlane;
  readonly observer?: InformerParts['observer'];
  readonly timing?: InformerParts['timing'];
}

/** All control loops of this operator. */
export function createControllers(options: ControllersOptions): Controller[] {
  const { client, reader, clock, random, logger, recorder, namespaces, workers, dataPlane, observer, timing } = options;
  const ownWrites = new OwnWrites();
  const applier = createApplier({ client, ownWrites });
  const parts: InformerParts = {
    client: reader,
    clock,
    random,
    logger,
    ...(observer === undefined ? {} : { observer }),
    ...(timing === undefined ? {} : { timing }),
  };
  const caches = createCaches(parts, namespaces);
  return [shardedServiceController({ client, applier, ownWrites, recorder, clock, caches, dataPlane }, workers)];
}
