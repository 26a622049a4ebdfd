import { MotifError } from '@motif/kit';

/** A reply as plain values. Strings are latin1, a character a byte; sets and pushes are arrays, doubles numbers. */
export type Value = string | number | bigint | boolean | null | Value[] | Map<Value, Value> | ReplyError;

/** An error that the server answered. */
export class ReplyError extends MotifError {
  constructor(message: string) {
    super('ReplyError', message);
  }
}

/** The value of one complete reply, as `ReplyFramer` cuts it. For the proxy's own questions, not for what passes through. */
export function decodeReply(reply: Buffer): Value {
  return new Decoder(reply).value();
}

class Decoder {
  readonly #text: string;
  #at = 0;

  constructor(reply: Buffer) {
    this.#text = reply.toString('latin1');
  }

  value(): Value {
    const head = this.#text[this.#at++];
    const line = this.#line();
    switch (head) {
      case '+':
        return line;
      case '-':
        return new ReplyError(line);
      case ':':
        return Number.isSafeInteger(Number(line)) ? Number(line) : BigInt(line);
      case ',':
        return line === 'inf' ? Number.POSITIVE_INFINITY : line === '-inf' ? Number.NEGATIVE_INFINITY : Number(line);
      case '(':
        return BigInt(line);
      case '#':
        return line === 't';
      case '_':
        return null;
      case '$':
        return line === '-1' ? null : this.#bytes(Number(line));
      case '!':
        return new ReplyError(this.#bytes(Number(line)));
      case '=':
        return this.#bytes(Number(line)).slice(4);
      case '|':
        for (let i = 0; i < 2 * Number(line); i++) this.value();
        return this.value();
      case '%':
        return new Map(Array.from({ length: Number(line) }, () => [this.value(), this.value()] as const));
      default:
        return line === '-1' ? null : Array.from({ length: Number(line) }, () => this.value());
    }
  }

  #line(): string {
    const end = this.#text.indexOf('\r\n', this.#at);
    const line = this.#text.slice(this.#at, end);
    this.#at = end + 2;
    return line;
  }

  #bytes(length: number): string {
    const bytes = this.#text.slice(this.#at, this.#at + length);
    this.#at += length + 2;
    return bytes;
  }
}
