import type { ShardedService } from '../resource.ts';

/**
 * The volume with the database of countries, mounted read-only at `GEO_DIRECTORY`; undefined where there is none. A missing ConfigMap keeps no pod from
 * starting: the container says what it lacks. A claim has to be one that several pods can mount, where there are several.
 */
export function geoVolume(
  resource: ShardedService,
  name: string,
): { name: string; [source: string]: unknown } | undefined {
  const { geoDatabase } = resource.spec;
  if (geoDatabase === undefined) return undefined;
  const { claimName, configMapName } = geoDatabase;
  if (claimName !== undefined) return { name, persistentVolumeClaim: { claimName, readOnly: true } };
  return { name, configMap: { name: configMapName, optional: true } };
}
