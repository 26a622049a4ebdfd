import { jsonScalar } from './json-scalar.ts';
import type { RequestView } from './view.ts';

/** A request as a test writes it down: header values and target are latin1, a character a byte. */
export interface PlainRequest {
  readonly method?: string;
  /** As in the request line: origin form, absolute form or `*`. */
  readonly target?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The client's address. */
  readonly ip?: string;
  readonly country?: string;
  /** UTF-8. */
  readonly body?: string;
}

/**
 * What expressions see of a request: written for clearness, as the reference that the fast view of the HTTP core is compared
 * with. Cookies: RFC 6265 §5.4, taken apart at `;`, without the spaces around name and value.
 */
export function requestView(request: PlainRequest): RequestView {
  const { method = 'GET', target = '/', headers = [], ip = '192.0.2.1', country, body } = request;
  const absolute = /^[a-zA-Z][-+.a-zA-Z0-9]*:\/\/([^/?#]*)(.*)$/s.exec(target);
  const rest = absolute === null ? target : (absolute[2] as string);
  const uri = rest.startsWith('/') || rest === '*' ? rest : `/${rest}`;
  const [path = ''] = uri.split('?', 1);
  const query = uri.slice(path.length + 1);
  const all = (name: string): string[] =>
    headers.filter((header) => header[0].toLowerCase() === name).map(([, value]) => trimmed(value));
  const bytes = Buffer.from(body ?? '', 'utf8');
  return {
    method: () => method,
    uri: () => uri,
    path: () => path,
    segment: (index) => path.split('/').slice(1)[index],
    host: () => absolute?.[1] ?? all('host')[0] ?? '',
    header: (name) => all(name)[0],
    cookie: (name) => pairs(all('cookie').join(';'), ';').find(([found]) => found === name)?.[1],
    query: (name) =>
      query
        .split('&')
        .map(split)
        .find(([found]) => found === name)?.[1],
    ip: () => ip,
    country: () => country,
    json: (names) => jsonScalar(bytes, 0, bytes.length, names),
  };
}

const trimmed = (text: string): string => text.replaceAll(/^[ \t]+|[ \t]+$/g, '');

function pairs(text: string, separator: string): [string, string][] {
  return text.split(separator).map((pair) => {
    const [name, value] = split(pair);
    return [trimmed(name), trimmed(value)];
  });
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
