import { llhttpMethods } from './llhttp.ts';
import type { Message } from './understood.ts';

/** Whether llhttp refuses a message, with this code, that we take, and rightly so: see `cases.ts` for the reasons. */
export function stricter(message: Message, code: string): boolean {
  if (code === 'HPE_INVALID_METHOD') return !llhttpMethods.has(message.start);
  // HTTP/1.2 and later, which RFC 9110, 2.5 has us take as 1.1; what is no HTTP/1.x is refused here as well.
  return code === 'HPE_INVALID_VERSION';
}

/** Whether llhttp reads a body where RFC 9112, 6.3 says that there is none: 1xx with a length. We take none and pass the length not on. */
export function bodiless({ start, fields }: Message): boolean {
  return /^1\d\d$/.test(start) && fields.some(([name]) => name === 'content-length' || name === 'transfer-encoding');
}
