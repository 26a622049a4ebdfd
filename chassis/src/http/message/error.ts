import { MotifError } from '@motif/kit';

/**
 * A message that cannot be understood, or is not taken. The connection cannot go on: where its next message begins is not
 * known.
 */
export class MessageError extends MotifError {
  /**
   * What the client is told: 400, 413, 414, 417, 431, 501, 505 for a request; always 502 for a response, whose sender is
   * not the client.
   */
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(code, message);
    this.status = status;
  }
}
