import type { ContainerStatus, Pod } from '../kinds.ts';

/** Why a pod cannot run, in its own words: becomes the reason and message of `Degraded`. */
export interface PodProblem {
  /** CamelCase: `ImagePullBackOff`, `CrashLoopBackOff`, `OOMKilled`, `Unschedulable`, `CreateContainerConfigError`, … */
  readonly reason: string;
  /** Without figures that move by themselves (back-off times, restart counts), so that the status does not flap. */
  readonly message: string;
}

/** What the events of a pod (or of what should make it) say: the API shows some reasons nowhere else. */
export type LastWarning = (uid: string) => PodProblem | undefined;

/** A pod may be unschedulable for a moment while its claim is being made. */
const UNSCHEDULABLE_GRACE_MS = 5_000;

const IMAGE = new Set(['ErrImagePull', 'ImagePullBackOff']);
const FATAL_WAITING = new Set([
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** What keeps this pod from running, or undefined as long as it may only need time. `now` in ms since the epoch. */
export function podProblem(pod: Pod, now: number, warning: LastWarning = () => undefined): PodProblem | undefined {
  const { status } = pod;
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  if (status?.phase === 'Failed') {
    return { reason: status.reason ?? 'PodFailed', message: status.message ?? 'the pod failed' };
  }
  const unscheduled = unschedulable(pod, now);
  if (unscheduled !== undefined) return unscheduled;
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const problem = containerProblem(container);
    if (problem !== undefined) return problem;
  }
  return warning(pod.metadata.uid ?? '');
}

function unschedulable(pod: Pod, now: number): PodProblem | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const since = Date.parse(scheduled.lastTransitionTime ?? pod.metadata.creationTimestamp ?? '');
  if (now - since < UNSCHEDULABLE_GRACE_MS) return undefined;
  return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? 'no node fits' };
}

function containerProblem(container: ContainerStatus): PodProblem | undefined {
  const { waiting } = container.state ?? {};
  const reason = waiting?.reason;
  const where = `container ${container.name}`;
  if (reason !== undefined && IMAGE.has(reason))
    return { reason: 'ImagePullBackOff', message: `${where}: ${pullMessage(container)}` };
  if (reason !== undefined && FATAL_WAITING.has(reason))
    return { reason, message: `${where}: ${waiting?.message ?? reason}` };
  return crash(container, where);
}

/** The kubelet alternates between the error and the back-off; the cause behind both is the same text. */
function pullMessage(container: ContainerStatus): string {
  const { reason, message } = container.state?.waiting ?? {};
  const image = container.image === undefined || container.image === '' ? 'the image' : `image ${container.image}`;
  if (message === undefined) return `${image} cannot be pulled`;
  const cause = /ErrImagePull: (.*)$/s.exec(message)?.[1] ?? (reason === 'ErrImagePull' ? message : undefined);
  return cause === undefined ? `${image} cannot be pulled` : `${image} cannot be pulled: ${cause}`;
}

/** One crash may be an accident; a second one, or a back-off, is a loop. Running out of memory is told at once. */
function crash(container: ContainerStatus, where: string): PodProblem | undefined {
  const last = container.state?.terminated ?? container.lastState?.terminated;
  if (container.ready === true || last === undefined) return undefined;
  const restarts = container.restartCount ?? 0;
  const looping = container.state?.waiting?.reason === 'CrashLoopBackOff' || restarts >= 2;
  const code = last.exitCode === undefined ? '' : ` with exit code ${last.exitCode}`;
  if (last.reason === 'OOMKilled')
    return { reason: 'OOMKilled', message: `${where} ran out of memory and was killed${code}` };
  if (!looping || (last.exitCode === 0 && restarts === 0)) return undefined;
  const said = last.message === undefined ? '' : `: ${last.message.trim().slice(0, 300)}`;
  return { reason: 'CrashLoopBackOff', message: `${where} ends again and again${code}${said}` };
}

/** Whether the pod's state says nothing although it should have said something: its events may know more. */
export function isSilent(pod: Pod, now: number, afterMs: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || isReady(pod)) return false;
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const creating = statuses.some(({ state }) => {
    const reason = state?.waiting?.reason;
    return reason === 'ContainerCreating' || reason === 'PodInitializing';
  });
  return creating && now - Date.parse(pod.metadata.creationTimestamp ?? '') >= afterMs;
}

/** Ready, and not on its way out: a pod that ends says that it is ready for a while yet. */
export function isServing(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && isReady(pod);
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
