import type { Clock } from '@motif/kit';
import { KubeApiError, type KubeClient, type KubeObject } from '@motif/kube';

function failure(status: number, reason: string): KubeApiError {
  return new KubeApiError(reason, { status, reason, retryable: false, maybeApplied: false });
}

/** The one Lease of an API server, with calls that take time and fail. */
export class LeaseApi {
  /** What the next calls do: how long they take each way (ms), and whether the request or the answer is lost. */
  behaviour = { delayMs: 5, loseRequest: false, loseAnswer: false };
  #lease: KubeObject | undefined;
  #version = 0;

  get lease(): KubeObject | undefined {
    return this.#lease;
  }

  /** A client for one process, whose waiting goes by that process' clock. */
  client(clock: Clock): KubeClient {
    const call = async <T>(work: () => T, timeoutMs = 5000): Promise<T> => {
      const { delayMs, loseRequest, loseAnswer } = this.behaviour;
      await clock.sleep(Math.min(delayMs, timeoutMs));
      if (loseRequest) throw failure(0, 'Timeout');
      const value = work();
      await clock.sleep(Math.min(delayMs, timeoutMs));
      if (loseAnswer || 2 * delayMs > timeoutMs) throw failure(0, 'Timeout');
      return value;
    };
    const methods: Pick<KubeClient, 'get' | 'create' | 'replace'> = {
      get: (_ref, _target, options) => call(() => this.#get(), options?.timeoutMs) as never,
      create: (_ref, object, options) => call(() => this.#create(object), options?.timeoutMs) as never,
      replace: (_ref, object, options) => call(() => this.#replace(object), options?.timeoutMs) as never,
    };
    return methods as KubeClient;
  }

  #get(): KubeObject {
    if (this.#lease === undefined) throw failure(404, 'NotFound');
    return structuredClone(this.#lease);
  }

  #create(object: KubeObject): KubeObject {
    if (this.#lease !== undefined) throw failure(409, 'AlreadyExists');
    return this.#store(object);
  }

  #replace(object: KubeObject): KubeObject {
    if (object.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion) throw failure(409, 'Conflict');
    return this.#store(object);
  }

  #store(object: KubeObject): KubeObject {
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    this.#lease = structuredClone({ ...object, metadata });
    return structuredClone(this.#lease);
  }
}
