import { MotifError } from '@motif/kit';

/** Bytes that are not RESP. The message is what Redis answers, without `-ERR ` and line end; the connection cannot go on. */
export class ProtocolError extends MotifError {
  constructor(message: string) {
    super('ProtocolError', message);
  }
}
