import { KubeApiError, type KubeClient } from '@motif/kube';
import type { LeaderElector } from './leader.ts';

/**
 * A client whose writes are refused unless this process leads at that very moment: a pass that goes on after the process was stopped for a while
 * reaches its next write before any timer has fired. `KubeApiError` with reason `NotLeader`.
 */
export function fencedClient(client: KubeClient, elector: Pick<LeaderElector, 'leads'>): KubeClient {
  const guarded =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (elector.leads) return call(...args);
      const fields = { status: 0, reason: 'NotLeader', retryable: false, maybeApplied: false };
      throw new KubeApiError('nothing was written: this process does not hold the lease', fields);
    };
  return {
    get: (...args) => client.get(...args),
    list: (...args) => client.list(...args),
    listAll: (...args) => client.listAll(...args),
    watch: (...args) => client.watch(...args),
    apply: guarded((...args: Parameters<KubeClient['apply']>) => client.apply(...args)) as KubeClient['apply'],
    create: guarded((...args: Parameters<KubeClient['create']>) => client.create(...args)) as KubeClient['create'],
    replace: guarded((...args: Parameters<KubeClient['replace']>) => client.replace(...args)) as KubeClient['replace'],
    patch: guarded((...args: Parameters<KubeClient['patch']>) => client.patch(...args)) as KubeClient['patch'],
    delete: guarded((...args: Parameters<KubeClient['delete']>) => client.delete(...args)),
    request: (request) => {
      if ((request.method ?? 'GET') === 'GET') return client.request(request);
      return guarded(() => client.request(request))() as ReturnType<typeof client.request> as never;
    },
    close: () => client.close(),
  };
}
