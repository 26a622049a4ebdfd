/**
 * How long the event loop stands still, and how much memory is held, when an informer fills itself with many objects. A blocked loop fails
 * liveness probes and delays the renewal of the lease. Ends with a line of figures: `node kube/bench/first-sync.ts [COUNT]`.
 */
import { spawn } from 'node:child_process';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { silentLogger, systemClock, systemRandom } from '@motif/kit';
import { createInformer, createKubeClient, plainConnection, resources } from '../src/index.ts';

const count = process.argv[2] ?? '10000';
const server = spawn(process.execPath, [new URL('pods-server.ts', import.meta.url).pathname, count], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const url = await new Promise<string>((resolve) => server.stdout.once('data', (data) => resolve(String(data).trim())));

const before = process.memoryUsage();
const client = createKubeClient({
  connection: plainConnection(url),
  clock: systemClock,
  random: systemRandom,
  userAgent: 'first-sync',
});
const dependencies = { client, clock: systemClock, random: systemRandom, logger: silentLogger() };
const informer = createInformer({ ...dependencies, resource: resources.pods, labels: ['motif.dev/service'] });
const stop = new AbortController();
const delay = monitorEventLoopDelay({ resolution: 1 });
let events = 0;
informer.subscribe(() => events++);
delay.enable();
// On a busy machine a turn of the loop is long because others run: the CPU time of this thread between two turns tells what is ours.
let turn = process.threadCpuUsage();
let longestTurn = 0;
const measure = () => {
  const now = process.threadCpuUsage();
  longestTurn = Math.max(longestTurn, now.user + now.system - turn.user - turn.system);
  turn = now;
  if (!stop.signal.aborted) setImmediate(measure);
};
measure();
const began = performance.now();
const running = informer.run(stop.signal);
await informer.waitForSync(stop.signal);
const seconds = (performance.now() - began) / 1000;
await systemClock.sleep(50);
delay.disable();
const peak = process.resourceUsage().maxRSS / 1024;
const after = process.memoryUsage();
stop.abort();
await running;
await client.close();
server.stdin.end();

const mb = (value: number) => Math.round(value / 1024 / 1024);
process.stdout.write(
  `first-sync: ${informer.store.size} objects, ${events} events in ${seconds.toFixed(2)} s; longest turn of the loop ` +
    `${Math.round(longestTurn / 1000)} ms of CPU, ${Math.round(delay.max / 1e6)} ms by the clock; ` +
    `RSS ${mb(before.rss)} MB before, ${mb(after.rss)} MB after, ${Math.round(peak)} MB at its peak; heap ${mb(after.heapUsed)} MB\n`,
);
