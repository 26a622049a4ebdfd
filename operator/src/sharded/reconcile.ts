import { isAborted } from '@motif/kube';
import type { PassContext, ReconcileResult } from '../runtime/index.ts';
import { Actor, type Tools } from './act/actor.ts';
import {
  ensureAutoscalers,
  ensureRouter,
  ensureRouterAccess,
  ensureShards,
  ensureSurroundings,
} from './act/children.ts';
import { deleteSurplus, planSurplus } from './act/deletions.ts';
import { followFingerprint } from './act/fingerprints.ts';
import { Notifier } from './act/notifier.ts';
import { type Published, publish } from './act/publish.ts';
import { growVolumes } from './act/volumes.ts';
import type { DataPlane } from './desired/router-deployment.ts';
import { shardedServices } from './kinds.ts';
import { topologyName } from './names.ts';
import type { Pass } from './pass.ts';
import { planShards, type ShardPlan } from './plan/plan.ts';
import { NO_ROLLOUT } from './plan/rollout.ts';
import { NO_VOLUMES } from './plan/volumes.ts';
import type { ShardedService } from './resource.ts';
import { dataPlaneVersion, shardCount } from './spec.ts';
import { isLasting, nextLook } from './status/next-look.ts';
import { statusOf } from './status/status.ts';
import { transitionEvents } from './status/transitions.ts';
import { type Caches, gather, readTopology } from './world/gather.ts';
import { shardState } from './world/shard-state.ts';
import type { World } from './world/world.ts';

/** What the reconciler is made of. `dataPlane` is what resources get that are rolled out for the first time. */
export interface ReconcilerOptions extends Tools {
  readonly caches: Caches;
  readonly dataPlane: DataPlane;
}

/** gather -> plan -> act -> status, once for each pass. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #notifier = new Notifier();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: string, context: PassContext): Promise<ReconcileResult> {
    const resource = this.#options.caches.shardedServices.store.get(key);
    // Children go by their owner references. Nothing is ever deleted because a resource is not in the cache.
    if (resource === undefined || resource.metadata.deletionTimestamp !== undefined) return {};
    const newest = this.#options.ownWrites.newest(resource);
    return new ReconcilerPass(this.#options, this.#notifier, newest, context).run();
  }
}

/** One pass over one resource. */
class ReconcilerPass {
  readonly #options: ReconcilerOptions;
  readonly #notifier: Notifier;
  readonly #resource: ShardedService;
  readonly #context: PassContext;
  readonly #actor: Actor;
  readonly #errors: unknown[] = [];
  #tellAgainIn: number | undefined;

  constructor(options: ReconcilerOptions, notifier: Notifier, resource: ShardedService, context: PassContext) {
    this.#options = options;
    this.#notifier = notifier;
    this.#resource = resource;
    this.#context = context;
    this.#actor = new Actor(options, resource, context.logger, context.signal);
  }

  async run(): Promise<ReconcileResult> {
    const { client, caches, ownWrites, clock } = this.#options;
    const { signal } = this.#context;
    const world = await gather(this.#resource, { client, caches, ownWrites, now: clock.now(), signal });
    const plan = await this.#attempt(async () => planShards(world));
    const { pass, again } = await this.#act(world, plan);
    await this.#attempt(() => this.#writeStatus(pass));
    const failure = this.#errors.find((error) => !isLasting(error));
    if (failure !== undefined) throw failure;
    return { requeueAfterMs: nextLook(pass, [again, plan?.again, this.#tellAgainIn]) };
  }

  async #act(world: World, plan: ShardPlan | undefined): Promise<{ pass: Pass; again: number | undefined }> {
    const dataPlane = { ...this.#options.dataPlane, version: dataPlaneVersion(world, this.#options.dataPlane) };
    const held = plan !== undefined && (plan.sharding.kind !== 'Matches' || plan.collision !== undefined);
    // Where data may be lost nothing is touched: neither the shards nor what clients are told.
    const published = held ? undefined : await this.#publish(world, plan);
    let again: number | undefined;
    const deletions = published === undefined ? { now: [], later: [] } : planSurplus(world, published);
    if (!held) {
      await this.#attempt(() => ensureSurroundings(this.#actor, world, this.#options.caches));
      if (plan !== undefined) await this.#runShards(world, plan);
      await this.#attempt(() => ensureRouter(this.#actor, world, dataPlane));
      await this.#attempt(() => ensureRouterAccess(this.#actor, world));
    }
    if (published !== undefined) {
      again = await this.#attempt(() => deleteSurplus(this.#actor, world, published, deletions));
    }
    // Autoscalers and budgets of a shard have its name.
    const nameOf = ({ object, shard }: (typeof deletions.now)[number]) =>
      shard === undefined ? `${object.kind} ${object.metadata.name}` : object.metadata.name;
    const topology = published?.topology ?? world.topology;
    const pass: Pass = {
      world,
      shards: plan?.shards ?? statesOf(world),
      rollout: plan?.rollout ?? NO_ROLLOUT,
      volumes: plan?.volumes ?? NO_VOLUMES,
      sharding: plan?.sharding ?? { kind: 'Matches' },
      collision: plan?.collision,
      deletions: { now: deletions.now.map(nameOf), later: deletions.later.map(nameOf) },
      members: topology && new Set(topology.shards.map(({ name }) => name)),
      epoch: published?.topology.epoch,
      dataPlaneVersion: dataPlane.version,
      errors: this.#errors,
      failures: this.#context.failures,
    };
    return { pass, again };
  }

  async #runShards(world: World, plan: ShardPlan): Promise<void> {
    await this.#attempt(() => followFingerprint(this.#actor, world, plan.fingerprint));
    await this.#attempt(() => growVolumes(this.#actor, world, plan.volumes));
    await this.#attempt(() => ensureShards(this.#actor, world, plan));
    await this.#attempt(() => ensureAutoscalers(this.#actor, world));
  }

  /** The ConfigMap first, then the pods: within two seconds every container has it. */
  async #publish(world: World, plan: ShardPlan | undefined): Promise<Published | undefined> {
    return this.#attempt(async () => {
      const published = await publish(this.#actor, world, plan?.shards ?? statesOf(world));
      const lookup = (service: string) => this.#epochOf(service, published);
      this.#tellAgainIn = await this.#notifier.tell(this.#actor, published.topology, lookup);
      return published;
    });
  }

  #epochOf(service: string, { topology }: Published): { uid: string; epoch: number } | undefined {
    const { name, namespace } = this.#resource.metadata;
    if (service === name) return topology;
    const map = this.#options.caches.configMaps.store.get(`${namespace}/${topologyName(service)}`);
    return readTopology(map === undefined ? undefined : this.#options.ownWrites.newest(map));
  }

  async #writeStatus(pass: Pass): Promise<void> {
    const status = statusOf(pass);
    const { applier, recorder } = this.#options;
    const written = await applier.ensureStatus(shardedServices, this.#resource, status, this.#context.signal);
    if (!written) return;
    const events = transitionEvents(this.#resource.status?.conditions ?? [], status.conditions ?? []);
    for (const event of events) recorder.record(this.#resource, event);
  }

  /** A step that fails does not keep the others from their work; what it means is the status' affair. */
  async #attempt<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (isAborted(error) || this.#context.signal.aborted) throw error;
      this.#errors.push(error);
      return undefined;
    }
  }
}

function statesOf(world: World) {
  return Array.from({ length: shardCount(world.resource) }, (_, index) => shardState(world, index));
}
