/**
 * `npm run demo`: from nothing to a sharded Redis. Prepares what is missing, starts or finds a cluster, installs the chart, applies the example,
 * writes and reads a thousand keys through the ambassador, and kills a shard while the load goes on.
 */
import { takesNoArguments } from '../arguments.ts';
import { countKeys, keysOf, openSession, SHARDS, startLoad, writeAndRead } from './load.ts';
import { loadLines, spreadLines } from './report.ts';
import { applyExample, installOperator, NAMESPACE, OPERATOR_NAMESPACE, waitReady } from './service.ts';
import { openTarget, type Target } from './target.ts';

const KEYS = 1000;
const VICTIM = 'cart-1';
const STEPS = 6;
const began = performance.now();
let step = 0;

function say(line: string): void {
  console.log(`      ${line}`);
}

function begin(title: string, usually: string): void {
  step += 1;
  const elapsed = Math.round((performance.now() - began) / 1000);
  console.log(`\n[${step}/${STEPS}] ${title} (usually ${usually}; ${elapsed} s so far)`);
}

async function show(target: Target): Promise<void> {
  const table = await target.tools.kubectl([
    '-n',
    NAMESPACE,
    'get',
    'shardedservices.motif.dev,statefulsets,pods',
    '-o',
    'wide',
  ]);
  for (const line of table.trimEnd().split('\n')) say(line);
}

async function killUnderLoad(target: Target): Promise<void> {
  // A session for each shard's keys: answers on one connection come in order, so that one shard's wait would show as another's.
  const loads = SHARDS.map((shard) => startLoad(openSession(target), keysOf(shard, KEYS)));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await target.tools.kubectl(['-n', NAMESPACE, 'delete', 'pod', `${VICTIM}-0`, '--wait=true']);
  say(`${VICTIM}-0 is deleted; the load goes on`);
  await waitReady(target, say, 120);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const outcomes = (await Promise.all(loads.map((load) => load.stop()))).flat();
  say('what the client saw:');
  for (const line of loadLines(outcomes)) say(line);
  const others = outcomes.filter(({ shard, error }) => shard !== VICTIM && error !== undefined);
  if (others.length > 0) throw new Error(`${others.length} commands for shards that lived got an error`);
}

function farewell(target: Target): void {
  const remove = target.remove === undefined ? [] : [`  ${target.remove}`];
  console.log(`
It works. How to go on:
  ${target.environment}
  kubectl -n ${NAMESPACE} exec -it client -c app -- redis-cli        # talk to the ambassador
  kubectl explain shardedservices.spec.sharding
  docs/guides/sharded-redis.md goes through it step by step; npm run demo again takes under two minutes.

How to remove everything:
  kubectl delete namespace ${NAMESPACE}
  helm uninstall motif -n ${OPERATOR_NAMESPACE} && kubectl delete crd shardedservices.motif.dev
${remove.join('\n')}
`);
}

async function demo(): Promise<void> {
  begin('a cluster, and the images in it', '15 min the first time, 15 s afterwards');
  const target = await openTarget(process.env, say);
  begin('the operator, by helm', '15 s');
  await installOperator(target);
  begin('examples/sharded-redis, until it is Ready', '20 s');
  await applyExample(target);
  await waitReady(target, say, 180);
  begin(`${KEYS} keys through the ambassador`, '5 s');
  const session = openSession(target);
  await writeAndRead(session, KEYS);
  session.close();
  say(`${KEYS} keys were written and read back`);
  for (const line of spreadLines(await countKeys(target))) say(line);
  begin('the resource and what was made from it', '1 s');
  await show(target);
  begin(`a shard's pod (${VICTIM} of ${SHARDS.join(', ')}) is deleted while the load goes on`, '15 s');
  await killUnderLoad(target);
  farewell(target);
}

takesNoArguments(
  'npm run demo',
  'Starts the embedded cluster and shows a sharded Redis on it, from nothing; MOTIF_KUBECONFIG and MOTIF_IMAGES name another cluster and a registry with our images.',
);
try {
  await demo();
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
