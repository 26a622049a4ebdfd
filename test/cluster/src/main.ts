import { ClusterError } from './base/errors.ts';
import { type Command, parseArguments } from './cli/arguments.ts';
import { ensureCluster } from './ensure.ts';
import { EmbeddedCluster } from './handle/embedded.ts';
import { namedImage } from './images/named.ts';
import { commandsFolder } from './lifecycle/commands.ts';
import { takeDown } from './lifecycle/down.ts';
import { withLock } from './lifecycle/lock.ts';
import { partStatuses, renderStatus } from './lifecycle/status.ts';
import { ownLayout } from './prepare/facts.ts';
import { prepareMachine } from './prepare/machine.ts';
import { formatSeconds } from './prepare/steps.ts';

const report = (line: string) => console.error(line);

async function perform(command: Command): Promise<number> {
  const layout = ownLayout();
  const begin = performance.now();
  switch (command.name) {
    case 'up': {
      const cluster = await ensureCluster({ nodes: command.nodes, report });
      report(
        `the cluster runs after ${formatSeconds((performance.now() - begin) / 1000)}; kubectl and helm for it: export PATH=${commandsFolder(layout)}:$PATH KUBECONFIG=${cluster.kubeconfig}`,
      );
      return 0;
    }
    case 'down':
      await withLock(layout.lock, () => takeDown(layout));
      report('nothing of the cluster is left on this machine');
      return 0;
    case 'status': {
      const parts = await partStatuses(layout);
      console.log(
        parts
          ? `${renderStatus(parts)}\nkubectl and helm: ${commandsFolder(layout)}`
          : 'the cluster is not running; start it with: npm run cluster -- up',
      );
      return parts?.every((part) => part.ready) ? 0 : 1;
    }
    case 'kubeconfig':
      console.log(new EmbeddedCluster(layout).kubeconfig);
      return 0;
    case 'load': {
      const cluster = new EmbeddedCluster(layout);
      const prepared = await prepareMachine(report, layout);
      for (const name of command.images) {
        const archive = await namedImage(prepared, name, process.env.INIT_CWD ?? process.cwd());
        const loaded = await cluster.loadImage(archive);
        report(loaded.length > 0 ? `loaded ${loaded.join(', ')}` : `${archive.tags.join(', ')} is there already`);
      }
      return 0;
    }
  }
}

try {
  process.exitCode = await perform(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  console.error(`cluster: ${error.message}`);
  process.exitCode = error.code === 'BadArguments' ? 2 : 1;
}
