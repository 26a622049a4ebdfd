import { setup as start } from '../../test/cluster/src/testing/global-setup.ts';
import { Scene } from '../../test/e2e/chaos/scene.ts';
import { setup as ready } from '../../test/e2e/src/global-setup.ts';

/** The example with its loads on the embedded cluster, in a namespace of its own; `work` gets it, and it is removed afterwards. */
export async function withScene(prefix: string, work: (scene: Scene) => Promise<void>): Promise<void> {
  await start();
  await ready();
  const scene = await Scene.open(prefix);
  try {
    await work(scene);
  } finally {
    await scene.close();
  }
}
