import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseCluster,
  commandsFolder,
  ensureCluster,
  explainChoice,
  motifImage,
  prepareMachine,
  type Tools,
} from '@motif/cluster';
import { createTools } from '@motif/cluster/handle/tools';

/** Where the demo runs, with our images in reach. */
export interface Target {
  readonly tools: Tools;
  /** The command that kubectl's arguments are added to, for programs that stay open. */
  readonly kubectl: readonly string[];
  /** A registry prefix of our images; empty where the cluster has them under their own names. */
  readonly registry: string;
  /** How to take the cluster itself away, where the demo made it. */
  readonly remove: string | undefined;
  /** What helm needs in addition where definitions may stand already that tests applied without it. */
  readonly adopt: readonly string[];
  /** The shell line that points kubectl at it. */
  readonly environment: string;
}

export type Say = (line: string) => void;

const CONTAINERS = ['operator', 'sharding'];

/**
 * The cluster that DESIGN §7 chooses: MOTIF_KUBECONFIG, else kind where it works, else the embedded one, which is made ready first.
 * @throws Error with one sentence that says what is missing and the way out
 */
export async function openTarget(env: NodeJS.ProcessEnv, say: Say): Promise<Target> {
  const choice = chooseCluster({
    kubeconfig: env.MOTIF_KUBECONFIG,
    images: env.MOTIF_IMAGES,
    kind: answers('kind', ['version']),
    docker: answers('docker', ['info']),
    breaks: false,
  });
  say(explainChoice(choice));
  if (choice.use === 'kubeconfig') return ownTarget(choice.path, choice.images ?? '');
  return choice.use === 'kind' ? kindTarget(say) : embeddedTarget(say);
}

function answers(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

function ownTarget(path: string, registry: string): Target {
  for (const [program, args] of [
    ['kubectl', ['version', '--client']],
    ['helm', ['version']],
  ] as const)
    if (!answers(program, args))
      throw new Error(`${program} is needed for a cluster of your own and is not on the PATH: install it.`);
  const tools = createTools(path, ['kubectl'], ['helm']);
  return {
    tools,
    kubectl: ['kubectl'],
    registry,
    remove: undefined,
    adopt: [],
    environment: `export KUBECONFIG=${path}`,
  };
}

async function kindTarget(say: Say): Promise<Target> {
  const clusters = execFileSync('kind', ['get', 'clusters'], { encoding: 'utf8' }).split('\n');
  if (!clusters.includes('motif')) execFileSync('kind', ['create', 'cluster', '--name', 'motif'], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'motif-kind-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, execFileSync('kind', ['get', 'kubeconfig', '--name', 'motif'], { encoding: 'utf8' }), {
    mode: 0o600,
  });
  for (const name of CONTAINERS) {
    say(`building motif/${name} with docker`);
    execFileSync(process.execPath, ['tools/bundle/main.ts', name]);
    const tag = `motif/${name}:${ownVersion()}`;
    execFileSync('docker', ['build', '--quiet', '--tag', tag, '--file', `images/${name}/Dockerfile`, `dist/${name}`]);
    execFileSync('kind', ['load', 'docker-image', tag, '--name', 'motif'], { stdio: 'ignore' });
  }
  return { ...ownTarget(kubeconfig, ''), remove: 'kind delete cluster --name motif' };
}

async function embeddedTarget(say: Say): Promise<Target> {
  const prepared = await prepareMachine(say);
  const cluster = await ensureCluster({ prepared, report: say });
  for (const name of CONTAINERS) {
    const loaded = await cluster.loadImage(await motifImage(prepared, name));
    say(loaded.length > 0 ? `loaded the image ${loaded.join(', ')}` : `the image motif/${name} is there already`);
  }
  say(
    'redis:7 stands here for an image put together from Debian’s redis-server package; nothing is pulled from outside',
  );
  const { kube } = cluster.state.programs;
  return {
    tools: cluster,
    kubectl: [kube, 'kubectl'],
    registry: '',
    remove: 'npm run cluster -- down',
    adopt: ['--take-ownership', '--force-conflicts'],
    environment: `export PATH=${commandsFolder(cluster.layout)}:$PATH KUBECONFIG=${cluster.kubeconfig}`,
  };
}

/** Motif's own version. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
}
