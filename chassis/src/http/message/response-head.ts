import { Fields } from './fields.ts';

/** One response's status line and fields. */
export class ResponseHead extends Fields {
  status = 0;
  /** 1xx but 101: another head follows for the same request. */
  interim = false;
  /** 101 for a WebSocket: from here on both sides send bytes. */
  upgraded = false;
  /** `Keep-Alive: timeout=` in milliseconds, -1 where the server does not say. */
  keepAliveTimeoutMs = -1;
  /** The reason phrase, which may be empty. */
  reasonStart = 0;
  reasonEnd = 0;

  /** The reason phrase, latin1. */
  reason(): string {
    return this.buffer.toString('latin1', this.reasonStart, this.reasonEnd);
  }

  /** Nothing is known yet of the response at `start`. */
  begin(buffer: Buffer, start: number): void {
    this.clear(buffer, start);
    this.status = 0;
    this.interim = false;
    this.upgraded = false;
    this.keepAliveTimeoutMs = -1;
    this.reasonStart = start;
    this.reasonEnd = start;
  }
}
