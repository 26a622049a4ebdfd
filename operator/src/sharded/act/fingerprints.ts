import { resources } from '@motif/kube';
import { ANNOTATION } from '../names.ts';
import type { World } from '../world/world.ts';
import type { Actor } from './actor.ts';

/** Makes the claims remember how their data is placed from now on. Only after the verdict that it may be. */
export async function followFingerprint(actor: Actor, world: World, fingerprint: string): Promise<void> {
  for (const { metadata } of [...world.claims.values()].flat()) {
    if (metadata.annotations?.[ANNOTATION.fingerprint] === fingerprint || metadata.deletionTimestamp !== undefined)
      continue;
    const body = { metadata: { annotations: { [ANNOTATION.fingerprint]: fingerprint } } };
    const target = { namespace: metadata.namespace, name: metadata.name };
    const options = { signal: actor.signal };
    await actor.client.patch(resources.persistentVolumeClaims, target, { type: 'merge', body }, options);
    actor.logger.info('Changed the placement that a claim remembers', { claim: metadata.name, fingerprint });
  }
}
