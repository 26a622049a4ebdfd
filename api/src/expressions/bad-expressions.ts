/** An expression of a `key` that is refused. */
export interface BadExpression {
  readonly expression: string;
  /** Where the parser stops, and what it says stands there. */
  readonly position: number;
  readonly found: string;
  /** Part of what it says is allowed there. */
  readonly allowed: string;
  /** How much of it the API server's rule says it understood. */
  readonly understood: string;
}

const bad = (
  expression: string,
  position: number,
  found: string,
  allowed: string,
  understood = expression.slice(0, position),
): BadExpression => ({ expression, position, found, allowed, understood });

/** Each is wrong in another part. */
export const badExpressions: readonly BadExpression[] = [
  bad('headers:x-user', 0, '"headers"', 'header:NAME'),
  bad('x-user', 0, '"x-user"', 'header:NAME'),
  bad('Header:x-user', 0, '"Header"', 'header:NAME'),
  bad('header', 6, 'the end', '":"', ''),
  bad('header:', 7, 'the end', 'a name'),
  bad('header: x-user', 7, '" "', 'a name'),
  bad('header:x user', 9, '"user"', '+ or the end'),
  bad('header:"x user"', 7, '"\\""', 'a name of letters'),
  bad('header:"x', 9, 'the end', 'closing "', 'header:'),
  bad('cookie:ü', 7, '"ü"', 'a name'),
  bad('cookie:a=b', 8, '"="', '+ or the end'),
  bad('query:user[id]', 10, '"["', '+ or the end'),
  bad('path[]', 5, '"]"', 'a number from 0 to 99', 'path'),
  bad('path[-1]', 5, '"-1"', 'a number from 0 to 99', 'path'),
  bad('path[01]', 6, '"1"', '"]"', 'path'),
  bad('path[100]', 5, '"100"', 'a number from 0 to 99', 'path'),
  bad('path[1', 6, 'the end', '"]"', 'path'),
  bad('path.1', 4, '".1"', '+ or the end'),
  bad('country', 7, 'the end', '"(ip)"'),
  bad('country(host)', 7, '"("', '"(ip)"'),
  bad('json:', 5, 'the end', 'a name'),
  bad('json:user..id', 10, '".id"', 'a name', 'json:user'),
  bad('json:user.', 10, 'the end', 'a name', 'json:user'),
  bad('""', 1, '"\\""', 'some text', ''),
  bad('"it\'s', 5, 'the end', 'closing "', ''),
  bad('"a\\n"', 2, '"\\\\"', 'closing "', ''),
  bad('host +', 6, 'the end', 'header:NAME'),
  bad('host + + path', 7, '"+"', 'header:NAME'),
  bad('host && path', 5, '"&"', '+ or the end'),
  bad('(host)', 0, '"("', 'header:NAME'),
  bad('host\t+ path', 4, '"\\t"', '+ or the end'),
  bad('uri + ip + url', 11, '"url"', 'header:NAME'),
  bad('ip+ip+ip+ip+ip+ip+ip+ip+ip', 24, '"ip"', 'at most 8 parts', 'ip+ip+ip+ip+ip+ip+ip+ip'),
];
