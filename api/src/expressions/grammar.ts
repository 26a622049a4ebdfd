import { MAX_PARTS } from './syntax.ts';

/**
 * The published grammar (docs/reference/expressions.md), in the EBNF of ISO 14977 but for `/…/`, a regular expression. It is
 * also one regular expression without look-around, so that a CEL rule of the API server can judge the form; the parser's tests
 * hold the two together.
 */
export const GRAMMAR = `key      = join ;
when     = all , { "||" , all } ;
all      = test , { "&&" , test } ;
test     = { " " } , [ "!" ] , join , [ ( "==" | "!=" ) , value | "in" , { " " } , "[" , value , { "," , value } , "]" ] , { " " } ;
value    = { " " } , ( word | string ) , { " " } ;
join     = part , { "+" , part } ;                     (* at most 8 parts *)
part     = { " " } , ( source | text ) , { " " } ;
source   = "header:" , name | "cookie:" , name | "query:" , name | "json:" , field , { "." , field }
         | "path" , [ "[" , index , "]" ] | "uri" | "host" | "method" | "ip" | "country(ip)" ;
name     = /[-A-Za-z0-9_.~]+/ | text ;
field    = /[-A-Za-z0-9_~]+/ | text ;
index    = /[1-9]?[0-9]/ ;                             (* the first segment is 0 *)
word     = /[-A-Za-z0-9_.~\\/@%]+/ ;
text     = '"' , char , { char } , '"' ;
string   = '"' , { char } , '"' ;
char     = /[^"\\\\]/ | '\\"' | '\\\\' ;                   (* no control characters *)
`;

/** What may stand where a part begins, for messages. */
export const SOURCES =
  'header:NAME, cookie:NAME, query:NAME, path, path[N], uri, host, method, ip, country(ip), json:NAME or "text"';

const TEXT = String.raw`"([^"\\\x00-\x1f\x7f-\x9f]|\\["\\])+"`;
const NAME = `([-A-Za-z0-9_.~]+|${TEXT})`;
const TOKEN = '([-A-Za-z0-9_.~]+|"[-!#$%&\\x27*+.^_`|~0-9A-Za-z]+")';
const FIELD = `([-A-Za-z0-9_~]+|${TEXT})`;
const PART = String.raw`((header|cookie):${TOKEN}|query:${NAME}|json:${FIELD}(\.${FIELD})*|path\b(\[[1-9]?[0-9]\])?|(uri|host|method|ip)\b|country\(ip\)|${TEXT})`;

const PEER = String.raw`(ip|country\(ip\)|${TEXT})`;

const join = (part: string): string => String.raw` *${part}( *\+ *${part}){0,${MAX_PARTS - 1}} *`;

/** Regular expressions, of the syntax that RE2 and JavaScript share, over a whole expression of a `key`. They hold no `'`. */
export const KEY_FORM = {
  /** Every expression that the parser takes, and no other. */
  valid: `^${join(PART)}$`,
  /** With `find`: the longest beginning that was understood. */
  understood: String.raw`^ *(${PART} *\+ *){0,${MAX_PARTS - 1}}(${PART} *|header:|cookie:|query:|json:|country\b)?`,
  /** Of a valid one: whether `country(ip)` is a part. */
  country: String.raw`^ *(${PART} *\+ *)*country\(ip\) *(\+|$)`,
  /** Of a valid one: whether it is made of nothing but `ip`, `country(ip)` and texts. */
  peerOnly: `^${join(PEER)}$`,
  /** Of a valid one: whether it has several parts. */
  joined: String.raw`^ *${PART} *\+`,
} as const;
