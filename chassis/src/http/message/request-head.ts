import { Fields } from './fields.ts';

/** One request's start line and fields. */
export class RequestHead extends Fields {
  /** As it was sent: methods are case-sensitive. Interned for those that are known. */
  method = '';
  /** The request-target as it was sent. */
  targetStart = 0;
  targetEnd = 0;
  /** Its path and query: the target itself in origin-form, what follows the authority in absolute-form (may be empty), `*`. */
  pathStart = 0;
  pathEnd = 0;
  /** The authority that counts: of the target in absolute-form, else of `Host`; empty where there is none. */
  hostStart = 0;
  hostEnd = 0;
  /** The target is in absolute-form: it is passed on in origin-form, with a `Host` of its own. */
  absolute = false;
  /** `Host` is there (HTTP/1.0 may lack it). */
  hasHost = false;
  /** The client waits for `100 Continue` before it sends the body. */
  expectContinue = false;
  /** The client asks for this protocol; any other `Upgrade` is left out. */
  upgrade: 'websocket' | undefined = undefined;
  /** The client takes trailers (`TE: trailers`). */
  trailers = false;
  /** `Max-Forwards` of an OPTIONS, -1 where there is none. At 0 the request is answered here (RFC 9110, 7.6.2). */
  maxForwards = -1;

  /** The request-target, latin1. */
  target(): string {
    return this.buffer.toString('latin1', this.targetStart, this.targetEnd);
  }

  /** Path and query, latin1; `/` where an absolute target has no path. */
  path(): string {
    const path = this.buffer.toString('latin1', this.pathStart, this.pathEnd);
    return path.charCodeAt(0) === 63 || path === '' ? `/${path}` : path;
  }

  /** The authority that counts, with its port, latin1; empty where there is none. */
  host(): string {
    return this.buffer.toString('latin1', this.hostStart, this.hostEnd);
  }

  /** Nothing is known yet of the request at `start`. */
  begin(buffer: Buffer, start: number): void {
    this.clear(buffer, start);
    this.method = '';
    this.targetStart = start;
    this.targetEnd = start;
    this.pathStart = start;
    this.pathEnd = start;
    this.hostStart = start;
    this.hostEnd = start;
    this.absolute = false;
    this.hasHost = false;
    this.expectContinue = false;
    this.upgrade = undefined;
    this.trailers = false;
    this.maxForwards = -1;
  }
}
