const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
};

export interface OwnAnswer {
  readonly status: number;
  /** `x-motif-error`; empty: the answer is no error. */
  readonly code: string;
  /** One line; latin1, without control characters (others are replaced). */
  readonly message: string;
  /** Seconds for `Retry-After`; 0: none. */
  readonly retryAfter: number;
  readonly keepAlive: boolean;
  /** The client's version. */
  readonly minor: 0 | 1;
  /** An answer to HEAD: everything but the body. */
  readonly headOnly: boolean;
}

/** The bytes, a character each, of an answer that no shard gave. */
export function ownAnswer({ status, code, message, retryAfter, keepAlive, minor, headOnly }: OwnAnswer): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach a client's terminal or log.
  const line = message === '' ? '' : `${message.replace(/[\x00-\x1f\x7f]|[^\x00-\xff]/g, '?')}\n`;
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\ncontent-type: text/plain\r\ncontent-length: ${line.length}\r\n`;
  if (code !== '') head += `x-motif-error: ${code}\r\n`;
  if (retryAfter > 0) head += `retry-after: ${retryAfter}\r\n`;
  if (!keepAlive) head += 'connection: close\r\n';
  else if (minor === 0) head += 'connection: keep-alive\r\n';
  return headOnly ? `${head}\r\n` : `${head}\r\n${line}`;
}
