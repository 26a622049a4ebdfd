import type { DeletionPlan } from './plan/deletion.ts';
import type { RolloutPlan } from './plan/rollout.ts';
import type { ShardingVerdict } from './plan/sharding.ts';
import type { VolumesPlan } from './plan/volumes.ts';
import type { ShardState } from './world/shard-state.ts';
import type { World } from './world/world.ts';

/** What a pass found and did: all that the status is made from. */
export interface Pass {
  readonly world: World;
  /** The shards that are wanted, by index. */
  readonly shards: readonly ShardState[];
  readonly rollout: RolloutPlan;
  readonly volumes: VolumesPlan;
  readonly sharding: ShardingVerdict;
  /** Two hash names that cannot be told apart, as a sentence. */
  readonly collision: string | undefined;
  /** Names of objects that go, or would. */
  readonly deletions: DeletionPlan<string>;
  /** Names of shards that keys are spread over, as published; undefined before the first time. */
  readonly members: ReadonlySet<string> | undefined;
  readonly epoch: number | undefined;
  readonly dataPlaneVersion: string;
  /** What went wrong, in order. */
  readonly errors: readonly unknown[];
  /** Failures of this resource in a row before this pass. */
  readonly failures: number;
}
