/**
 * How soon a watch is given up whose server has stopped without a word (SIGSTOP: the kernel still acknowledges, so that keep-alive probes see
 * nothing), with the timing that the operator runs with. Ends with a line of figures.
 */
import { spawn } from 'node:child_process';
import { silentLogger, systemClock, systemRandom } from '@motif/kit';
import { createInformer, createKubeClient, type InformerObserver, plainConnection, resources } from '../src/index.ts';

const watches = 8;
const server = spawn(process.execPath, [new URL('pods-server.ts', import.meta.url).pathname, '10'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const url = await new Promise<string>((resolve) => server.stdout.once('data', (data) => resolve(String(data).trim())));
const connection = plainConnection(url);
const client = createKubeClient({ connection, clock: systemClock, random: systemRandom, userAgent: 'half-open' });
const stop = new AbortController();
const found: number[] = [];
let stoppedAt = 0;
const informers = Array.from({ length: watches }, () => {
  const observer: InformerObserver = {
    listed: () => {},
    failed: (_resource, kind) => {
      if (kind === 'silent') found.push((systemClock.monotonic() - stoppedAt) / 1000);
    },
    state: () => {},
    handlerFailed: () => {},
  };
  const dependencies = { client, clock: systemClock, random: systemRandom, logger: silentLogger() };
  return createInformer({ ...dependencies, resource: resources.pods, observer });
});
const running = informers.map((informer) => informer.run(stop.signal));
await Promise.all(informers.map((informer) => informer.waitForSync(stop.signal)));
await systemClock.sleep(1_000);
server.kill('SIGSTOP');
stoppedAt = systemClock.monotonic();
while (found.length < watches) await systemClock.sleep(200);
stop.abort();
await Promise.all(running);
server.kill('SIGKILL');
await client.close();
process.stdout.write(
  `half-open: ${watches} watches of a stopped server given up after ${Math.min(...found).toFixed(1)} to ${Math.max(...found).toFixed(1)} s\n`,
);
