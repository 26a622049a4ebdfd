import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRendezvous } from '@motif/api';
import type { TestNamespace } from '@motif/cluster';
import { cluster, waitFor } from '@motif/cluster/testing';
import { example, type InstalledOperator, installOperator, waitReady } from '../src/install.ts';
import { loadPod } from './load-pod.ts';
import { type LoadReport, parseSeconds, sumUp } from './report.ts';

export const SHARDS = ['cart-0', 'cart-1', 'cart-2'];
/** The two ways of a client: through the router's Service, and through an ambassador in its own pod. */
export const LOADS = ['through-router', 'through-ambassador'] as const;

/** What each way saw. */
export type Reports = Record<(typeof LOADS)[number], LoadReport>;

/** The example on the real cluster with an operator of its own and a load on both ways. */
export class Scene {
  readonly namespace: TestNamespace;
  readonly operator: InstalledOperator;

  private constructor(namespace: TestNamespace, operator: InstalledOperator) {
    this.namespace = namespace;
    this.operator = operator;
  }

  /** Installs, applies, waits for Ready and starts the loads. */
  static async open(prefix: string): Promise<Scene> {
    const namespace = await cluster.namespace(prefix);
    const scene = new Scene(namespace, await installOperator(namespace));
    await namespace.kubectl(['apply', '-f', '-'], example('cart.yaml'));
    await waitReady(namespace, 'cart');
    await scene.#startLoads();
    return scene;
  }

  async close(): Promise<void> {
    await this.operator.uninstall();
    await this.namespace.remove();
  }

  /** Runs a fault under load and gives what each way saw from its beginning until all is well again. */
  async under(fault: () => Promise<void>): Promise<Reports> {
    await this.healthy();
    const from = Date.now();
    await fault();
    await waitReady(this.namespace, 'cart');
    await this.healthy();
    const entries = await Promise.all(LOADS.map(async (load) => [load, await this.reportOf(load, from)] as const));
    for (const [load, { seconds, broken, shards, texts }] of entries)
      console.log(
        `${load}: ${seconds} s, ${broken} connections broke, ${JSON.stringify(shards)} ${JSON.stringify(texts)}`,
      );
    return Object.fromEntries(entries) as Reports;
  }

  /** Waits until every shard answers on both ways, with nothing but good answers for three seconds. */
  healthy(): Promise<unknown> {
    const good = ({ seconds, shards, broken }: LoadReport) =>
      seconds >= 2 && broken === 0 && SHARDS.every((shard) => shards[shard]!.ok > 0 && shards[shard]!.errors === 0);
    return waitFor(
      'good answers of every shard on both ways',
      async () => (await Promise.all(LOADS.map((load) => this.reportOf(load, Date.now() - 3000)))).every(good),
      { timeoutMs: 90_000, everyMs: 500 },
    );
  }

  /**
   * Waits until a pod that was taken away is there again and Ready. After an outage of the API server the
   * controller-manager's reflectors wait up to 30 s, with a jitter of as much again (client-go's
   * `NewExponentialBackoffManager(800ms, 30s, 2min, 2.0, 1.0)`), and a second outage soon after starts at that pause:
   * two of them, pods and StatefulSets, have to come back before the pod is made.
   */
  async podAgain(name: string): Promise<void> {
    const found = async () => (await this.namespace.kubectl(['get', 'pod', name, '--ignore-not-found'])) !== '';
    await waitFor(`the pod ${name} made again`, found, { timeoutMs: 150_000, everyMs: 500 });
    await this.namespace.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s']);
  }

  async reportOf(load: string, from: number): Promise<LoadReport> {
    return sumUp(parseSeconds(await this.namespace.kubectl(['logs', load, '-c', 'load', '--since=15m'])), from);
  }

  async #startLoads(): Promise<void> {
    const { kubectl } = this.namespace;
    const script = readFileSync(join(import.meta.dirname, 'load.mjs'), 'utf8');
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'load' }, data: { 'load.mjs': script } };
    await kubectl(['apply', '-f', '-'], JSON.stringify(configMap));
    const client = JSON.parse(
      await kubectl(['create', '--dry-run=client', '-o', 'json', '-f', '-'], example('client.yaml')),
    );
    for (const name of LOADS)
      await kubectl(
        ['apply', '-f', '-'],
        JSON.stringify(loadPod(name, client, keysByShard(), name === 'through-ambassador')),
      );
    for (const name of LOADS) await kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s']);
  }
}

/** Thirty keys of each shard. */
function keysByShard(): Record<string, string[]> {
  const locator = createRendezvous(SHARDS.map((hashName) => ({ hashName, weight: 1 })));
  const keys: Record<string, string[]> = Object.fromEntries(SHARDS.map((shard) => [shard, []]));
  for (let n = 0; Object.values(keys).some((own) => own.length < 30); n++) {
    const bytes = Buffer.from(`key-${n}`);
    keys[SHARDS[locator.pick(bytes, 0, bytes.length)]!]!.push(`key-${n}`);
  }
  return keys;
}
