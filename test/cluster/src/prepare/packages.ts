import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { ClusterError } from '../base/errors.ts';
import { run, tryRun } from '../host/run.ts';

/** What comes from the distribution, each with a file that shows it is there (also where it was installed otherwise). */
export const packages: readonly (readonly [name: string, file: string])[] = [
  ['containerd', '/usr/bin/containerd'],
  ['runc', '/usr/sbin/runc'],
  ['containernetworking-plugins', '/usr/lib/cni/bridge'],
  ['conntrack', '/usr/sbin/conntrack'],
  ['iptables', '/usr/sbin/iptables'],
  ['iproute2', '/usr/bin/ip'],
  ['util-linux', '/usr/bin/nsenter'],
  ['procps', '/usr/sbin/sysctl'],
  ['buildah', '/usr/bin/buildah'],
  ['mmdebstrap', '/usr/bin/mmdebstrap'],
  ['binutils', '/usr/bin/strip'],
  ['openssl', '/usr/bin/openssl'],
  // The tests of the data plane run real servers on the loopback interface, without a container around them.
  ['redis-server', '/usr/bin/redis-server'],
  ['redis-tools', '/usr/bin/redis-cli'],
  // What HTTP messages mean is compared with nginx. Like redis-server it runs as a child of the tests, never as a service.
  ['nginx-light', '/usr/sbin/nginx'],
];

/** The packages that bring a daemon, and its unit. */
const services: readonly (readonly [name: string, unit: string])[] = [
  ['redis-server', 'redis-server.service'],
  ['nginx-light', 'nginx.service'],
];

/** The same program may lie in /bin or /usr/bin, /sbin or /usr/sbin, by distribution and release. */
export function places(file: string): string[] {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (file.startsWith('/usr/lib/')) return [file];
  return ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].map((folder) => `${folder}/${name}`);
}

/** The packages whose file is nowhere. @param exists looks a file up. */
export function missingPackages(exists: (file: string) => boolean = existsSync): string[] {
  return packages.filter(([, file]) => !places(file).some(exists)).map(([name]) => name);
}

const policy = '/usr/sbin/policy-rc.d';
/** Its comment tells a policy that an interruption of ours left from one that the machine's owner has made. */
export const policyText = '#!/bin/sh\n# motif: no service starts while its packages are installed\nexit 101\n';

/** Whether a policy may be written and removed again. @param text what is there, undefined where nothing is. */
export function isOurs(text: string | undefined): boolean {
  return text === undefined || text === policyText;
}

/**
 * Installs what is missing. Packages of daemons would start them; a policy of exit code 101 (invoke-rc.d's own convention) forbids that for
 * the time of the installation, unless the machine has a policy of its own.
 */
export async function installPackages(names: readonly string[]): Promise<void> {
  const ours = isOurs(existsSync(policy) ? readFileSync(policy, 'utf8') : undefined);
  if (ours) {
    writeFileSync(policy, policyText);
    chmodSync(policy, 0o755);
  }
  try {
    await tryRun('apt-get', ['update', '-q']); // lists that are there already may do; installing tells
    await tryRun('dpkg', ['--configure', '-a'], { env: { DEBIAN_FRONTEND: 'noninteractive' } }); // after an interruption
    const flags = ['install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
    await run('apt-get', [...flags, ...names], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
    // A package enables its daemon, which the machine would start when it boots the next time. What was there before stays as it is.
    const installed = services.filter(([name]) => names.includes(name)).map(([, service]) => service);
    // Without systemd there is nothing that boots, and no such program perhaps.
    if (installed.length > 0) await tryRun('systemctl', ['disable', '--quiet', ...installed]).catch(() => undefined);
  } catch (cause) {
    const how = `install them yourself (apt-get install ${names.join(' ')}) and run the same command again`;
    const reason = cause instanceof Error ? `\n${cause.message}` : '';
    throw new ClusterError('CannotRun', `the packages ${names.join(', ')} could not be installed: ${how}${reason}`, {
      cause,
    });
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}
