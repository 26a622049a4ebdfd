import { ProtocolError } from './protocol-error.ts';

const UNBALANCED = 'Protocol error: unbalanced quotes in request';

/**
 * An inline command (`SET key "some value"\r\n`) as the RESP array that means the same, so that it can be forwarded; empty
 * for a blank line. Quoting as Redis's `sdssplitargs`: double quotes with `\xHH \n \r \t \b \a \\ \"`, single quotes with
 * `\'`, a closing quote followed by a blank or the end.
 * @throws ProtocolError for quotes that do not balance
 */
export function inlineToFrame(line: Buffer): Buffer {
  const args = splitInline(line.toString('latin1', 0, line.length).replace(/\r?\n$/, ''));
  if (args.length === 0) return Buffer.alloc(0);
  const parts = args.map((arg) => `$${arg.length}\r\n${arg}\r\n`);
  return Buffer.from(`*${args.length}\r\n${parts.join('')}`, 'latin1');
}

/** What C calls a space: a byte 0xA0, which JavaScript counts among them, is part of characters in UTF-8. */
const BLANK = /[ \t\n\v\f\r]/;

function splitInline(line: string): string[] {
  const args: string[] = [];
  let i = 0;
  for (;;) {
    while (i < line.length && BLANK.test(line[i] as string)) i++;
    if (i >= line.length) return args;
    let arg = '';
    while (i < line.length && !BLANK.test(line[i] as string)) {
      const char = line[i] as string;
      if (char === '"' || char === "'") {
        const quoted = readQuoted(line, i);
        arg += quoted.text;
        i = quoted.next;
      } else {
        arg += char;
        i++;
      }
    }
    args.push(arg);
  }
}

function readQuoted(line: string, open: number): { text: string; next: number } {
  const quote = line[open] as string;
  let text = '';
  for (let i = open + 1; i < line.length; i++) {
    const char = line[i] as string;
    if (char === quote) {
      const after = line[i + 1];
      if (after !== undefined && !BLANK.test(after)) throw new ProtocolError(UNBALANCED);
      return { text, next: i + 1 };
    }
    if (char !== '\\' || i + 1 >= line.length) {
      text += char;
      continue;
    }
    const escaped = quote === '"' ? doubleQuoted(line, i + 1) : singleQuoted(line, i + 1);
    text += escaped.text;
    i += escaped.length;
  }
  throw new ProtocolError(UNBALANCED);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

function doubleQuoted(line: string, at: number): { text: string; length: number } {
  const hex = /^x[0-9a-fA-F]{2}/.exec(line.slice(at, at + 3));
  if (hex) return { text: String.fromCharCode(Number.parseInt(line.slice(at + 1, at + 3), 16)), length: 3 };
  const char = line[at] as string;
  return { text: ESCAPES[char] ?? char, length: 1 };
}

function singleQuoted(line: string, at: number): { text: string; length: number } {
  return line[at] === "'" ? { text: "'", length: 1 } : { text: '\\', length: 0 };
}
