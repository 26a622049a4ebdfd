/** The label `method`; what is not known is `other`: a client must not be able to make series. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'other'] as const;

/** The label `status`: the class of what the client was sent, `none` where it had gone before. */
export const STATUS_CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

const OTHER_METHOD = METHODS.length - 1;

/** The index of a method in `METHODS`. */
export function methodIndex(method: string): number {
  // Compared one by one: methods are interned, so each step is a comparison of pointers, cheaper than a Map's hash.
  switch (method) {
    case 'GET':
      return 0;
    case 'HEAD':
      return 1;
    case 'POST':
      return 2;
    case 'PUT':
      return 3;
    case 'PATCH':
      return 4;
    case 'DELETE':
      return 5;
    default:
      return OTHER_METHOD;
  }
}

/** The index of a status in `STATUS_CLASSES`; 0 for what is none. */
export function statusIndex(status: number): number {
  return status >= 100 && status < 600 ? (status / 100) | 0 : 0;
}
