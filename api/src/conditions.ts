/** `@motif/api/conditions`: the conditions of our kinds, their reasons, and the events that tell of transitions. */

export type ConditionType = 'Ready' | 'Progressing' | 'Degraded';

/** A documented reason: what it means and what a person can do. */
export interface ReasonText {
  readonly meaning: string;
  /** What helps; empty where nothing needs to be done. */
  readonly remedy: string;
}

type Reasons = Readonly<Record<string, ReasonText>>;

const fine = (meaning: string): ReasonText => ({ meaning, remedy: '' });

/** Reasons of `Ready`. */
export const READY_REASONS = {
  AllShardsReady: fine('True: every shard and, where there is one, the router serves.'),
  ShardsNotReady: {
    meaning: 'False: the message names the shards that are not ready.',
    remedy: 'See Degraded and Progressing.',
  },
  RouterNotReady: {
    meaning: 'False: the shards are ready, no router pod is.',
    remedy: 'See Degraded and Progressing.',
  },
  Suspended: { meaning: 'False: `spec.suspend` is true.', remedy: 'Set `spec.suspend` to false.' },
} as const satisfies Reasons;

/** Reasons of `Progressing`. */
export const PROGRESSING_REASONS = {
  Converged: fine('False: what runs is what is wanted.'),
  Creating: fine('True: children are being made for the first time.'),
  RollingOut: fine(
    'True: shards or router get a new template: shards of one replica one after another, of shards of several one replica at a time.',
  ),
  Scaling: fine('True: shards, their replicas or router pods come or go.'),
  Suspending: fine('True: pods are going because `spec.suspend` is true.'),
  Resizing: fine('True: claims grow to `spec.storage.size`.'),
  Blocked: { meaning: 'True: nothing moves on until what Degraded says is mended.', remedy: 'See Degraded.' },
} as const satisfies Reasons;

/** Reasons of `Degraded` that Motif gives. Those of pods come on top, in the pod's own words (`POD_REASONS`). */
export const DEGRADED_REASONS = {
  AsExpected: fine('False: nothing is wrong.'),
  NameConflict: {
    meaning: 'True: an object that Motif needs exists and is not its own.',
    remedy: 'Delete or rename that object, or name the resource otherwise.',
  },
  ShardingMismatch: {
    meaning: 'True: claims hold data that was placed by other shards or hashing; no shard is started over them.',
    remedy: 'Restore the former values, or set `spec.sharding.onRemap` to `Remap` to go on without the keys that move.',
  },
  HashNameCollision: {
    meaning: 'True: two shards have hash names of one hash.',
    remedy: 'Name the resource otherwise, or choose another number of shards.',
  },
  TemplateInvalid: {
    meaning: 'True: the template cannot be run as it is; the message names the field.',
    remedy: 'Mend `spec.template` or `spec.router.template`.',
  },
  RefusedByServer: {
    meaning: 'True: the API server refused a child; the message is its own.',
    remedy: 'Mend what the message names: often the template, a quota or a policy.',
  },
  VolumeNotExpandable: {
    meaning: 'True: `spec.storage.size` grew, and the storage class cannot.',
    remedy: 'Set the former size, or a class with `allowVolumeExpansion`.',
  },
  DeletionsWait: {
    meaning: 'True: more children would be deleted than the change of the resource asks for.',
    remedy: 'If that is meant: annotate `motif.dev/confirm-deletes` with the `metadata.generation`.',
  },
  ShardNotReady: {
    meaning: 'True: a shard has not been ready for long, and its pod does not say why.',
    remedy: "Read the pod's log and events.",
  },
  ReplicaNotReady: {
    meaning: 'True: a shard serves, but one of its replicas has not been ready for long, and its pod does not say why.',
    remedy: "Read the pod's log and events.",
  },
  AutoscalerInactive: {
    meaning: 'True: an autoscaler cannot decide how many replicas its shard needs; the message is its own.',
    remedy: 'Often a container without `resources.requests.cpu`, or a cluster without a metrics API.',
  },
  ListDoubted: {
    meaning: 'True: a list of the API server lacks so much that it is not believed; what was known before still holds.',
    remedy: 'See whether the API server is well. A list that goes on saying so is believed after a minute.',
  },
  ReconcileFailed: {
    meaning: 'True: a pass ended in an error that is none of the others; it is tried again.',
    remedy: 'Read the message and the log of the operator.',
  },
} as const satisfies Reasons;

/** Reasons of `Degraded` that a shard's or router's pod gives: the kubelet's and the scheduler's own. */
export const POD_REASONS = {
  ImagePullBackOff: { meaning: 'The image cannot be pulled.', remedy: 'Mend the image, or the pull secrets.' },
  InvalidImageName: { meaning: "The image's name is none.", remedy: 'Mend the image.' },
  ErrImageNeverPull: {
    meaning: 'The image is not on the node and must not be pulled.',
    remedy: 'Load it, or change imagePullPolicy.',
  },
  ImageInspectError: { meaning: 'The node cannot read the image.', remedy: 'Pull it anew.' },
  RegistryUnavailable: { meaning: 'The registry does not answer.', remedy: 'See the registry.' },
  CreateContainerConfigError: {
    meaning: 'A Secret, ConfigMap or key that the container refers to is missing, or it may not run as it asks.',
    remedy: 'Make what the message names.',
  },
  CreateContainerError: { meaning: 'The container runtime cannot make the container.', remedy: 'Read the message.' },
  RunContainerError: { meaning: 'The container cannot be started.', remedy: 'Often the command: read the message.' },
  CrashLoopBackOff: { meaning: 'The container ends again and again.', remedy: 'Read its log.' },
  OOMKilled: { meaning: 'The container ran out of memory.', remedy: 'Raise its memory limit, or have it hold less.' },
  Unschedulable: {
    meaning: 'No node fits: too little memory or CPU, taints, or a claim that does not bind.',
    remedy: 'Read the message: change requests, tolerations or the storage class, or add nodes.',
  },
  FailedMount: {
    meaning: 'A volume cannot be mounted.',
    remedy: 'Make the Secret, ConfigMap or volume that the message names.',
  },
  Evicted: { meaning: 'The node ran short of something.', remedy: 'Set requests that hold what the pod uses.' },
  PodFailed: { meaning: 'The pod ended.', remedy: 'Read its log.' },
} as const satisfies Reasons;

/** Events that are not a condition's reason: one per transition, in the past tense. */
export const EVENT_REASONS = {
  BecameReady: fine('Normal: `Ready` became True.'),
  BecameUnready: { meaning: 'Warning: `Ready` was True and is not.', remedy: 'See Degraded and Progressing.' },
  Recovered: fine('Normal: `Degraded` was True and is not.'),
} as const satisfies Reasons;

export type ReadyReason = keyof typeof READY_REASONS;
export type ProgressingReason = keyof typeof PROGRESSING_REASONS;
/** A pod's own reason may also be one that this table does not know. */
export type DegradedReason = keyof typeof DEGRADED_REASONS | keyof typeof POD_REASONS;
