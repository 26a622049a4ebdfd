/** How a line's two answers are compared. */
export type Comparison =
  /** Byte for byte. */
  | 'exact'
  /** `~`: the same elements in whatever order (sets have none). */
  | 'unordered'
  /** `?`: the same type only (clocks, ids, random picks). */
  | 'type';

export interface Line {
  readonly text: string;
  readonly comparison: Comparison;
  readonly parts: readonly string[];
}

export interface Script {
  readonly name: string;
  readonly lines: readonly Line[];
}

/**
 * A script of commands, one a line as redis-cli takes them (`"…"` with `\r \n \t \" \\ \xHH`, `'…'`); `~` and `?` in front say
 * how to compare, `#` begins a comment. `@n` stands for n bytes of x.
 */
export function script(name: string, text: string): Script {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return { name, lines: lines.map(parseLine) };
}

function parseLine(text: string): Line {
  const mark = /^[~?] /.exec(text)?.[0]?.[0];
  const comparison = mark === '~' ? 'unordered' : mark === '?' ? 'type' : 'exact';
  return { text, comparison, parts: split(mark === undefined ? text : text.slice(2)) };
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '"': '"', '\\': '\\' };

/** Words of a line. Throws on an open quote: a script is data, and must not be misread. */
export function split(line: string): string[] {
  const words: string[] = [];
  const token = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;
  while (token.lastIndex < line.length) {
    const at = token.lastIndex;
    const found = token.exec(line);
    if (found === null) throw new Error(`script line cannot be read from ${JSON.stringify(line.slice(at))}`);
    words.push(found[1] === undefined ? (found[2] ?? long(found[3] ?? '')) : unescaped(found[1]));
  }
  return words;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function long(word: string): string {
  const size = /^@(\d+)$/.exec(word)?.[1];
  return size === undefined ? word : 'x'.repeat(Number(size));
}
