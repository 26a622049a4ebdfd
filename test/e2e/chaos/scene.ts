import type { TestNamespace } from '@motif/cluster';
import { cluster, waitFor } from '@motif/cluster/testing';
import { type InstalledOperator, installOperator, waitReady } from '../src/install.ts';
import { loadPod } from './load-pod.ts';
import type { Play } from './play.ts';
import { CART } from './plays/cart.ts';
import { type LoadReport, parseSeconds, sumUp } from './report.ts';

export const SHARDS = CART.shards;
/** The two ways of a client: through the router's Service, and through an ambassador in its own pod. */
export const LOADS = ['through-router', 'through-ambassador'] as const;

/** What each way saw. */
export type Reports = Record<(typeof LOADS)[number], LoadReport>;

/** An example on the real cluster with an operator of its own and a load on both ways. */
export class Scene {
  readonly namespace: TestNamespace;
  readonly operator: InstalledOperator;
  readonly play: Play;

  private constructor(namespace: TestNamespace, operator: InstalledOperator, play: Play) {
    this.namespace = namespace;
    this.operator = operator;
    this.play = play;
  }

  /** Installs, applies, waits for Ready and starts the loads. */
  static async open(prefix: string, play: Play = CART): Promise<Scene> {
    const namespace = await cluster.namespace(prefix);
    const scene = new Scene(namespace, await installOperator(namespace), play);
    const data = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'load' }, data: play.scripts };
    await namespace.kubectl(['apply', '-f', '-'], JSON.stringify(data));
    await namespace.kubectl(['apply', '-f', '-'], play.resource);
    await waitReady(namespace, play.service);
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
    await waitReady(this.namespace, this.play.service);
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
      seconds >= 2 &&
      broken === 0 &&
      this.play.shards.every((shard) => shards[shard]!.ok > 0 && shards[shard]!.errors === 0);
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
    const client = JSON.parse(await kubectl(['create', '--dry-run=client', '-o', 'json', '-f', '-'], this.play.client));
    for (const name of LOADS) {
      const pod = loadPod(name, client, this.play, name === 'through-ambassador');
      await kubectl(['apply', '-f', '-'], JSON.stringify(pod));
    }
    for (const name of LOADS) await kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s']);
  }
}
