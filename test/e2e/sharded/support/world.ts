import { cluster, type TestNamespace, waitFor } from '@motif/cluster/testing';
import { isNotFound, type KubeClient, type KubeObject, type ResourceRef, resources } from '@motif/kube';
import { shardedServices } from '@motif/operator/sharded/kinds';
import type { Condition, ShardedService } from '@motif/operator/sharded/resource';
import { connectClient, type OperatorOptions, startOperator, type TestOperator } from './operator.ts';

/** A namespace with an operator of its own, and what tests ask of it. */
export class World {
  readonly namespace: TestNamespace;
  readonly client: KubeClient;
  #operator: TestOperator | undefined;

  private constructor(namespace: TestNamespace, client: KubeClient) {
    this.namespace = namespace;
    this.client = client;
  }

  static async create(name: string): Promise<World> {
    return new World(await cluster.namespace(name), await connectClient());
  }

  get ns(): string {
    return this.namespace.name;
  }

  async start(options: Omit<OperatorOptions, 'namespace'> = {}): Promise<void> {
    await this.stop();
    this.#operator = await startOperator({ namespace: this.ns, ...options });
  }

  async stop(): Promise<void> {
    await this.#operator?.stop();
    this.#operator = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.client.close();
    await this.namespace.remove();
  }

  /** As `kubectl apply`. */
  async apply(object: unknown): Promise<void> {
    await this.namespace.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  }

  /** Merge patch of a ShardedService. */
  patch(name: string, body: Record<string, unknown>): Promise<KubeObject> {
    return this.client.patch(shardedServices, { namespace: this.ns, name }, { type: 'merge', body });
  }

  service(name: string): Promise<ShardedService> {
    return this.client.get<ShardedService>(shardedServices, { namespace: this.ns, name });
  }

  async find<T extends KubeObject>(ref: ResourceRef, name: string): Promise<T | undefined> {
    try {
      return await this.client.get<T>(ref, { namespace: this.ns, name });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(ref: ResourceRef, labelSelector?: string): Promise<T[]> {
    return (await this.client.list<T>(ref, { namespace: this.ns, labelSelector })).items;
  }

  async condition(name: string, type: string): Promise<Condition | undefined> {
    return (await this.service(name)).status?.conditions?.find((one) => one.type === type);
  }

  /** Waits until a condition of the current generation is so. */
  async until(name: string, type: string, status: string, reason?: string, timeoutMs = 60_000): Promise<Condition> {
    let found: Condition | undefined;
    let all: Condition[] = [];
    const what = `${name} is ${type}=${status}${reason === undefined ? '' : `/${reason}`}`;
    const holds = async () => {
      const { metadata, status: state } = await this.service(name);
      all = state?.conditions ?? [];
      found = all.find((one) => one.type === type);
      const current = found?.observedGeneration === metadata.generation;
      return current && found?.status === status && (reason === undefined || found.reason === reason);
    };
    await waitFor(what, holds, { timeoutMs }).catch((cause) => {
      throw new Error(`${what}: not so; last seen ${JSON.stringify(all)}`, { cause });
    });
    return found as Condition;
  }

  /** Ready, and nothing under way. */
  async untilSettled(name: string, timeoutMs = 90_000): Promise<void> {
    await this.until(name, 'Ready', 'True', undefined, timeoutMs);
    await this.until(name, 'Progressing', 'False', undefined, timeoutMs);
  }

  /** `redis-cli` in a shard's pod; fails on a non-zero end. */
  async redis(pod: string, ...args: string[]): Promise<string> {
    return (await this.namespace.kubectl(['exec', pod, '-c', 'redis', '--', 'redis-cli', ...args])).trim();
  }

  /** Uids and restarts of the pods with these labels: who was replaced, who restarted. */
  async podIdentities(labelSelector: string): Promise<Map<string, string>> {
    const pods = await this.list<KubeObject & { status?: { containerStatuses?: { restartCount: number }[] } }>(
      resources.pods,
      labelSelector,
    );
    return new Map(
      pods.map(({ metadata, status }) => [
        metadata.name,
        `${metadata.uid}/${status?.containerStatuses?.map((one) => one.restartCount).join(',')}`,
      ]),
    );
  }
}
