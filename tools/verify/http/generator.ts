import type { Random } from '@motif/kit';

const METHODS = [
  'GET',
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'BREW',
  'CONNECT',
  'TRACE',
  'get',
  'M-SEARCH',
];
const TARGETS = [
  '/',
  '/',
  '/a/b?c=d',
  '//x',
  '*',
  'http://h/x',
  'http://h',
  'https://[::1]:1?q',
  'http://u@h/',
  '/%zz',
  '/a b',
  '/#f',
  '/|{}',
  '',
  'a:1',
  '/\xe4',
  '/../..',
];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/11',
];
const STATUSES = [
  '200 OK',
  '200 OK',
  '204 No Content',
  '304 Not Modified',
  '100 Continue',
  '101 X',
  '103 E',
  '404',
  '999 \xe4',
  '20 OK',
  '1xx',
];
const NAMES = [
  'Host',
  'Content-Length',
  'Transfer-Encoding',
  'Connection',
  'Keep-Alive',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Upgrade',
  'Expect',
  'Forwarded',
  'X-Forwarded-For',
  'X-Forwarded-Port',
  'X-Real-IP',
  'Via',
  'Max-Forwards',
  'Proxy-Authorization',
  'Authorization',
  'Cookie',
  'Content_Length',
  'X-A',
  'X-B',
  'x_a',
  'Sec-WebSocket-Key',
  '',
  'X y',
  'X\t',
];
const VALUES = [
  '0',
  '3',
  '5',
  '007',
  '+3',
  '-1',
  '3, 3',
  '3 ',
  '0x3',
  '99999999999999999999',
  'chunked',
  'Chunked',
  'gzip, chunked',
  'chunked, gzip',
  'chunked;a=b',
  '"chunked"',
  'identity',
  '\x0bchunked',
  'close',
  'keep-alive',
  'upgrade',
  'X-A, close',
  'Host, Content-Length',
  'te, trailers',
  'trailers',
  'websocket',
  'h2c',
  '100-continue',
  'a',
  'a:80',
  'a,b',
  '[::1]',
  'u@a',
  'timeout=5',
  '1.1.1.1',
  'for="x',
  '',
  '\t x \t',
  '\xe4',
  'a\0b',
  'a\x7f',
];
const ENDS = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n ', '\r\r\n', ''];
const SIZES = [
  '0',
  '3',
  '003',
  'A',
  'a',
  ' 3',
  '3 ',
  '0x3',
  'fffffffffffffffff',
  '-3',
  '',
  '3;a',
  '3;a=b',
  '3;a="b;\\""',
  '3;',
  '3 ;a',
  '3;a\n',
];
const TRAILERS = ['X-Sum: 1', 'Content-Length: 3', 'Host: a', 'x_forwarded_for: a', 'X : y', ' y', 'X', 'X: \xe4'];
/** What mutation puts in. */
const TELLING = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '"',
  '0',
  '\r\n\r\n',
  'chunked',
  'HTTP/1.1',
  '0\r\n\r\n',
  '\x7f',
  '\x80',
  '_',
  '#',
];

/** Valid, odd and malicious messages, and what can go wrong with them. */
export class Generator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One to three requests. */
  requests(): string {
    return this.#several(() => {
      const line = `${this.pick(METHODS)} ${this.pick(TARGETS)} ${this.pick(VERSIONS)}`;
      const host = this.below(8) === 0 ? '' : `Host: a${this.pick(ENDS)}`;
      return this.#message(this.below(4) === 0 ? line : 'POST /x HTTP/1.1', host);
    });
  }

  /** One to three responses. */
  responses(): string {
    return this.#several(() => this.#message(`${this.pick(VERSIONS)} ${this.pick(STATUSES)}`, ''));
  }

  /** Places to cut, in order. */
  cuts(length: number): number[] {
    return Array.from({ length: this.below(4) + 1 }, () => this.below(length + 1)).sort((a, b) => a - b);
  }

  /** The text with one to four changes; `other` is a text to take pieces from. */
  mutate(text: string, other: string): string {
    let result = text;
    for (let changes = 1 + this.below(4); changes > 0; changes--) result = this.#change(result, other);
    return result.slice(0, 3000);
  }

  #change(text: string, other: string): string {
    const at = this.below(text.length + 1);
    const to = Math.min(text.length, at + 1 + this.below(8));
    switch (this.below(8)) {
      case 0:
        return text.slice(0, at) + this.pick(TELLING) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + text.slice(to);
      case 2:
        return text.slice(0, at) + this.pick(TELLING) + text.slice(at);
      case 3:
        return text.slice(0, at) + String.fromCharCode(this.below(256)) + text.slice(at + 1);
      case 4:
        return text.slice(0, at) + other.slice(this.below(other.length + 1));
      case 5:
        return this.#changeLines(text);
      case 6:
        return this.#addLine(text);
      default:
        return this.below(6) === 0 ? text.slice(0, at) : text;
    }
  }

  /** A line twice, or two lines in the other order, or one line less. */
  #changeLines(text: string): string {
    const lines = text.split('\r\n');
    const one = this.below(lines.length);
    const other = this.below(lines.length);
    const line = lines[one] as string;
    if (this.below(3) === 0) lines.splice(one, 1);
    else if (this.below(2) === 0) lines.splice(other, 0, line);
    else {
      lines[one] = lines[other] as string;
      lines[other] = line;
    }
    return lines.join('\r\n');
  }

  #addLine(text: string): string {
    const lines = text.split('\r\n');
    lines.splice(1 + this.below(lines.length), 0, `${this.pick(NAMES)}: ${this.pick(VALUES)}`);
    return lines.join('\r\n');
  }

  #several(make: () => string): string {
    const before = this.below(10) === 0 ? this.pick(['\r\n', '\n', ' ', '\r\n\r\n']) : '';
    return before + Array.from({ length: 1 + this.below(3) }, make).join('');
  }

  #message(line: string, host: string): string {
    let text = line + this.#end() + host;
    for (let fields = this.below(4); fields > 0; fields--) {
      text += `${this.pick(NAMES)}:${this.below(9) === 0 ? '' : ' '}${this.pick(VALUES)}${this.#end()}`;
    }
    const framed = this.below(4);
    if (framed === 0) return `${text}Content-Length: 3${this.#end()}${this.#end()}abc`;
    if (framed === 1) return `${text}Transfer-Encoding: chunked${this.#end()}${this.#end()}${this.#chunks()}`;
    return `${text}${this.#end()}`;
  }

  #end(): string {
    return this.below(12) === 0 ? this.pick(ENDS) : '\r\n';
  }

  #chunks(): string {
    let text = '';
    for (let chunks = this.below(3); chunks > 0; chunks--) {
      text += this.below(4) === 0 ? `${this.pick(SIZES)}${this.#end()}abc${this.#end()}` : '3\r\nabc\r\n';
    }
    const trailer = this.below(4) === 0 ? `${this.pick(TRAILERS)}${this.#end()}` : '';
    return `${text}0${this.#end()}${trailer}${this.#end()}`;
  }
}
