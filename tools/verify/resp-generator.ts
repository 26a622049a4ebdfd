import type { Random } from '@motif/kit';

/** Bytes and how many frames they are. */
export interface Generated {
  readonly bytes: Buffer;
  readonly count: number;
}

/** What mutation puts in: bytes that mean something to a scanner, more often than others. */
const TELLING = ['\r', '\n', '\r\n', '*', '$', '-', '0', '9', ':', '%', '|', '>', '_', '"', ' ', '?', '\x00', '*0\r\n'];

/** Valid requests and replies, and what can go wrong with them. */
export class Generator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A pipeline of arrays and, now and then, inline lines. */
  requests(): Generated {
    const count = 1 + this.#below(5);
    const texts = Array.from({ length: count }, () => (this.#below(6) === 0 ? this.#inline() : this.#array()));
    return { bytes: Buffer.from(texts.join(''), 'latin1'), count };
  }

  /** Replies and pushes one behind the other. */
  replies(): Generated {
    const count = 1 + this.#below(4);
    const texts = Array.from({ length: count }, () => (this.#below(8) === 0 ? this.#push() : this.#value(3)));
    return { bytes: Buffer.from(texts.join(''), 'latin1'), count };
  }

  /** The bytes with one to four changes: replaced, removed, put in, cut off, a piece twice. */
  mutate(bytes: Buffer): Buffer {
    let text = bytes.toString('latin1');
    for (let changes = 1 + this.#below(4); changes > 0; changes--) {
      const at = this.#below(text.length + 1);
      const to = Math.min(text.length, at + 1 + this.#below(8));
      const before = text.slice(0, at);
      const piece = text.slice(at, to);
      switch (this.#below(5)) {
        case 0:
          text = before + this.#telling() + text.slice(at + 1);
          break;
        case 1:
          text = before + text.slice(to);
          break;
        case 2:
          text = before + this.#telling() + text.slice(at);
          break;
        case 3:
          text = before + piece + text.slice(at);
          break;
        default:
          text = this.#below(4) === 0 ? before : text;
      }
    }
    return Buffer.from(text, 'latin1');
  }

  /** Places to split at, ascending, some of them twice. */
  cuts(length: number): number[] {
    return Array.from({ length: this.#below(8) }, () => this.#below(length + 1)).sort((a, b) => a - b);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #telling(): string {
    return this.#below(3) === 0
      ? String.fromCharCode(this.#below(256))
      : (TELLING[this.#below(TELLING.length)] as string);
  }

  #array(): string {
    const args = Array.from({ length: 1 + this.#below(4) }, () => this.#bulk('$', this.#content()));
    const empty = this.#below(10) === 0 ? '*0\r\n' : '';
    return `${empty}*${args.length}\r\n${args.join('')}`;
  }

  #inline(): string {
    const words = Array.from({ length: this.#below(4) }, () => String.fromCharCode(97 + this.#below(26)));
    return `${words.join(' ')}${this.#below(2) === 0 ? '\n' : '\r\n'}`;
  }

  #push(): string {
    return this.#items('>', 1 + this.#below(3), 1, 1);
  }

  #value(depth: number): string {
    const kind = this.#below(depth > 0 ? 19 : 14);
    switch (kind) {
      case 0:
        return `+${this.#line()}\r\n`;
      case 1:
        return `-ERR ${this.#line()}\r\n`;
      case 2:
        return `:${this.#below(2 ** 31) - 2 ** 30}\r\n`;
      case 3:
        return `,${this.#random() * 1000}\r\n`;
      case 4:
        return `(${'9'.repeat(1 + this.#below(40))}\r\n`;
      case 5:
        return '_\r\n';
      case 6:
        return '#t\r\n';
      case 7:
        return '$-1\r\n';
      case 8:
        return '*-1\r\n';
      case 9:
        return this.#bulk('!', this.#content());
      case 10:
        return this.#bulk('=', `txt:${this.#content()}`);
      case 14:
        return this.#items('*', this.#below(4), depth, 1);
      case 15:
        return this.#items('~', this.#below(4), depth, 1);
      case 16:
        return this.#items('%', this.#below(3), depth, 2);
      case 17:
        return this.#items('|', this.#below(3), depth, 2) + this.#value(depth - 1);
      default:
        return this.#bulk('$', this.#content());
    }
  }

  /** An aggregate of `count` times `width` values. */
  #items(head: string, count: number, depth: number, width: number): string {
    return `${head}${count}\r\n${Array.from({ length: count * width }, () => this.#value(depth - 1)).join('')}`;
  }

  #bulk(head: string, content: string): string {
    return `${head}${content.length}\r\n${content}\r\n`;
  }

  /** Any bytes; mostly short, with CR and LF more often than chance would have it. */
  #content(): string {
    const length = this.#below(10) === 0 ? this.#below(300) : this.#below(12);
    return Array.from({ length }, () => this.#telling()[0]).join('');
  }

  #line(): string {
    return this.#content().replaceAll(/[\r\n]/g, '.');
  }
}
