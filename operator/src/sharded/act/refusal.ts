import { KubeApiError, type KubeObject } from '@motif/kube';
import { RefusedError, TemplateError } from '../errors.ts';

/**
 * What a refusal by the API server means for the resource, or undefined where the call may succeed later by itself.
 * The server's own message is kept: it names the field.
 */
export function refusalOf(error: unknown, desired: KubeObject): TemplateError | RefusedError | undefined {
  if (!(error instanceof KubeApiError)) return undefined;
  const message = `${desired.kind} ${desired.metadata.name}: ${error.body?.message ?? error.message}`;
  // A list with two items of one key (two environment variables of one name) does not even become an object: the server says 500.
  const untyped = message.includes('failed to create typed patch object');
  if (!untyped && (error.retryable || ![400, 403, 422].includes(error.status))) return undefined;
  if (concernsTemplate(error, message)) return new TemplateError(message, { cause: error });
  return new RefusedError(message, { cause: error });
}

/** A field that cannot change is named without its path: nothing but `spec` is. */
function concernsTemplate(error: KubeApiError, message: string): boolean {
  const fields = error.body?.details?.causes?.map(({ field }) => field ?? '') ?? [];
  return fields.some((field) => field.startsWith('spec.template')) || message.includes('spec.template.');
}
