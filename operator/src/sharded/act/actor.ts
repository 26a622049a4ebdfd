import type { Clock, Logger } from '@motif/kit';
import type { OwnWrites } from '@motif/kube';
import {
  type Applier,
  type ApplyOutcome,
  type EventRecorder,
  type KubeClient,
  type KubeObject,
  type ResourceRef,
  resourceName,
} from '@motif/kube';
import { serviceLabels } from '../names.ts';
import type { ShardedService } from '../resource.ts';
import { refusalOf } from './refusal.ts';

/** What every writing step works with. */
export interface Tools {
  readonly client: KubeClient;
  readonly applier: Applier;
  readonly ownWrites: OwnWrites;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

/** Writes children of one resource in one pass. */
export class Actor {
  readonly tools: Tools;
  readonly resource: ShardedService;
  readonly logger: Logger;
  readonly signal: AbortSignal;

  constructor(tools: Tools, resource: ShardedService, logger: Logger, signal: AbortSignal) {
    this.tools = tools;
    this.resource = resource;
    this.logger = logger;
    this.signal = signal;
  }

  get client(): KubeClient {
    return this.tools.client;
  }

  /**
   * Brings one child to what is desired.
   * @throws NameConflictError, TemplateError, RefusedError, KubeApiError
   */
  async ensure<T extends KubeObject>(
    ref: ResourceRef,
    desired: KubeObject,
    live?: KubeObject,
  ): Promise<ApplyOutcome<T>> {
    const adoptLabels = serviceLabels(this.resource.metadata.name);
    try {
      const options = { owner: this.resource, adoptLabels, live, signal: this.signal };
      const outcome = await this.tools.applier.ensure<T>(ref, desired, options);
      if (outcome.action !== 'unchanged') this.#log(ref, desired, outcome);
      return outcome;
    } catch (error) {
      throw refusalOf(error, desired) ?? error;
    }
  }

  /** Tells people of something that was done. */
  tell(reason: string, note: string, related?: KubeObject, type: 'Normal' | 'Warning' = 'Normal'): void {
    this.tools.recorder.record(this.resource, { type, reason, action: 'Reconcile', note, related });
  }

  #log(ref: ResourceRef, desired: KubeObject, outcome: ApplyOutcome): void {
    const difference = outcome.action === 'updated' ? { difference: outcome.difference } : {};
    const message = outcome.action === 'created' ? 'Created a child' : 'Changed a child';
    this.logger.info(message, { resource: resourceName(ref), name: desired.metadata.name, ...difference });
  }
}
