import { join } from 'node:path';
import { cluster } from '@motif/cluster/testing';

/** The chart's folder. */
export const chart = join(import.meta.dirname, '../../../charts/motif');

/** Runs helm against the tests' cluster, whatever its exit code. */
export function helm(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return cluster.tryHelm(args);
}

/** Runs helm, which must succeed. @throws ClusterError with its messages */
export function helmOk(...args: string[]): Promise<string> {
  return cluster.helm(args);
}
