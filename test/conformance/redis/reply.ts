/**
 * Replies as a test compares them: every type of RESP2 and RESP3 kept apart (`$-1` is not `*-1` is not `_`), because a client
 * sees the difference. Slow and simple on purpose: it shares no code with the parsers that it judges.
 */
export interface Reply {
  /** The type's first byte on the wire. */
  readonly type: string;
  /** Text of scalars, byte for byte (latin1); null for the nulls of RESP2. */
  readonly text?: string | null;
  /** Elements of aggregates; maps and attributes have keys and values in turn. */
  readonly items?: readonly Reply[];
}

/** A reply and where it ends; undefined while bytes are missing. Throws on what is no RESP. */
export function parseReply(bytes: Buffer, start: number): { reply: Reply; end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const type = String.fromCharCode(bytes[start] ?? 0);
  const line = bytes.toString('latin1', start + 1, lineEnd);
  const end = lineEnd + 2;
  if ('+-:,#(_'.includes(type)) return { reply: { type, text: line }, end };
  if ('$=!'.includes(type)) return parseBulk(bytes, type, length(line), end);
  if ('*~>%|'.includes(type)) return parseAggregate(bytes, type, length(line), end);
  throw new Error(`no RESP reply begins with ${JSON.stringify(type + line.slice(0, 40))}`);
}

function length(line: string): number {
  if (!/^(-1|\d+)$/.test(line)) throw new Error(`no RESP length: ${JSON.stringify(line.slice(0, 40))}`);
  return Number(line);
}

function parseBulk(bytes: Buffer, type: string, size: number, start: number) {
  if (size === -1) return { reply: { type, text: null }, end: start };
  const end = start + size;
  if (bytes.length < end + 2) return undefined;
  if (bytes[end] !== 13 || bytes[end + 1] !== 10) throw new Error(`a bulk of ${size} bytes does not end in CR LF`);
  return { reply: { type, text: bytes.toString('latin1', start, end) }, end: end + 2 };
}

function parseAggregate(bytes: Buffer, type: string, size: number, start: number) {
  if (size === -1) return { reply: { type, text: null }, end: start };
  const items: Reply[] = [];
  let end = start;
  for (let i = type === '%' || type === '|' ? size * 2 : size; i > 0; i--) {
    const item = parseReply(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: { type, items }, end };
}

/** A reply as one line, for comparing and for people. */
export function render({ type, text, items }: Reply): string {
  if (items !== undefined) return `${type}[${items.map(render).join(' ')}]`;
  return text === null ? `${type}-1` : `${type}${JSON.stringify(text)}`;
}

/** The same whatever the order of elements: of fields where there are pairs. */
export function renderUnordered(reply: Reply): string {
  const { type, items } = reply;
  if (items === undefined) return render(reply);
  const parts: string[] = [];
  for (let i = 0; i < items.length; i += type === '%' ? 2 : 1)
    parts.push(
      items
        .slice(i, i + (type === '%' ? 2 : 1))
        .map(render)
        .join('='),
    );
  return `${type}[${parts.sort().join(' ')}]`;
}
