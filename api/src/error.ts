/**
 * What this package throws: like `MotifError` of @motif/kit in shape, but of its own, because `api` imports nothing of ours.
 * `code` is stable and CamelCase; the message names the field, what was found and what is allowed.
 */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
