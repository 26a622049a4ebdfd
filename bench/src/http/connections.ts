import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** How many connections a process has to these ports, whatever their state: read from the kernel, not from what the process says. */
export function connectionsTo(pid: number, ports: readonly number[]): number {
  const mine = socketsOf(pid);
  let count = 0;
  for (const table of ['tcp', 'tcp6'])
    for (const line of readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1)) {
      // Columns as in proc_net_tcp: slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode.
      const columns = line.trim().split(/\s+/);
      const port = Number.parseInt(columns[2]?.split(':')[1] ?? '', 16);
      if (ports.includes(port) && mine.has(columns[9] ?? '')) count++;
    }
  return count;
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since the folder was listed.
    return '';
  }
}
