import type { ApiStatus } from '../../errors.ts';

/** An answer other than success, as the API server words it. */
export class StatusError extends Error {
  readonly status: ApiStatus & { code: number };

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      reason,
      message,
    } as StatusError['status'];
  }
}

export const notFound = (what: string) => new StatusError(404, 'NotFound', `${what} not found`);
export const conflict = (message: string) => new StatusError(409, 'Conflict', message);
export const alreadyExists = (what: string) => new StatusError(409, 'AlreadyExists', `${what} already exists`);
export const expired = (message: string) => new StatusError(410, 'Expired', message);
export const invalid = (message: string) => new StatusError(422, 'Invalid', message);
export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);
