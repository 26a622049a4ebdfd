/** What is known about the machine before anything is done on it. */
export interface MachineFacts {
  readonly platform: string;
  readonly arch: string;
  readonly uid: number;
  /** `go1.26.8`; undefined where there is no Go. */
  readonly go: string | undefined;
  readonly hasApt: boolean;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number;
  /** The folder whose disk was looked at. */
  readonly cache: string;
  /** Where the cluster keeps its state. */
  readonly state: string;
  /** Programs and packages are built already: neither Go nor so much disk is needed then. */
  readonly built: boolean;
  /** The cluster runs: what it needs of memory it has. */
  readonly running: boolean;
}

const gib = 2 ** 30;
/** The newest of the Go modules asks for this. */
const goNeeded: readonly [number, number] = [1, 26];
/** A control plane, a node and the tests' pods took 2.2 GiB here. */
const memoryNeeded = 3 * gib;
/** Go's caches of a first build 6 GiB, programs and images 1.5 GiB, a cluster's own data 1 GiB. */
const diskNeeded = { fresh: 10 * gib, built: 2 * gib };

/**
 * Why this machine cannot run the embedded cluster: a clear sentence with the way out for each reason; empty when it can.
 */
export function preflight(facts: MachineFacts): string[] {
  if (facts.platform !== 'linux') {
    return [
      `The embedded cluster needs Linux and this is ${facts.platform}: use a Linux machine or virtual machine, or set MOTIF_KUBECONFIG to a cluster of yours.`,
    ];
  }
  return [
    architecture(facts),
    user(facts),
    packages(facts),
    go(facts),
    memory(facts),
    disk(facts),
    place(facts),
  ].filter((problem) => problem !== undefined);
}

function architecture({ arch }: MachineFacts): string | undefined {
  if (arch === 'x64' || arch === 'arm64') return undefined;
  return `The embedded cluster runs on x64 and arm64 and this machine is ${arch}: set MOTIF_KUBECONFIG to a cluster of yours.`;
}

function user({ uid }: MachineFacts): string | undefined {
  if (uid === 0) return undefined;
  return 'The embedded cluster makes network and mount namespaces, which needs root: run the same command with sudo -E.';
}

function packages({ hasApt, built }: MachineFacts): string | undefined {
  if (hasApt || built) return undefined;
  return 'The embedded cluster takes containerd and its other tools from Debian or Ubuntu packages and there is no apt-get here: use Debian 12 or Ubuntu 24.04, or set MOTIF_KUBECONFIG.';
}

function go({ go: found, built }: MachineFacts): string | undefined {
  if (built) return undefined;
  const wanted = goNeeded.join('.');
  const how = `install Go ${wanted} or newer from https://go.dev/dl and put it on the PATH`;
  if (found === undefined) return `Kubernetes is built from source once and there is no Go here: ${how}.`;
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(found) ?? []).map(Number);
  const enough = major > goNeeded[0] || (major === goNeeded[0] && minor >= goNeeded[1]);
  return enough ? undefined : `Kubernetes is built from source once and ${found} is too old for it: ${how}.`;
}

function memory({ freeMemoryBytes, running }: MachineFacts): string | undefined {
  if (running || freeMemoryBytes >= memoryNeeded) return undefined;
  return `The embedded cluster needs ${format(memoryNeeded)} of free memory and there are ${format(freeMemoryBytes)}: end other programs or use a larger machine.`;
}

function disk({ freeDiskBytes, cache, built }: MachineFacts): string | undefined {
  const needed = built ? diskNeeded.built : diskNeeded.fresh;
  if (freeDiskBytes >= needed) return undefined;
  return `${format(needed)} of disk are needed and ${cache} has ${format(freeDiskBytes)} free: make room, or set MOTIF_CACHE to a folder on a larger disk.`;
}

/** A node has its own `/run`, `/var/lib` and `/var/log`, which hide the machine's. */
function place({ state }: MachineFacts): string | undefined {
  const hidden = ['/run', '/var/run', '/var/lib', '/var/log', '/proc', '/sys', '/dev'];
  const inside = hidden.find((folder) => state === folder || state.startsWith(`${folder}/`));
  return (
    inside &&
    `The cluster's state cannot be below ${inside} (it is ${state}): set MOTIF_STATE or MOTIF_CACHE to another folder.`
  );
}

function format(bytes: number): string {
  return `${(bytes / gib).toFixed(1)} GiB`;
}
