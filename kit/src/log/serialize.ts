/** Names whose values never belong in a log line, whoever passes them. */
const SECRET_NAME = /pass(word|wd|phrase)?$|secret$|token$|^authorization$|^cookie$|private_?key$|credential/i;

/** What stands in place of a secret. */
export const MASK = '***';

/**
 * One line of JSON for a log entry. Never throws: errors become objects with their causes, bigints and functions texts, buffers their
 * length, values of secret-looking names a mask, and what refers to itself `[circular]`.
 */
export function toJson(entry: Record<string, unknown>): string {
  const open: unknown[] = [];
  function replace(this: unknown, key: string, value: unknown): unknown {
    if (SECRET_NAME.test(key) && typeof value === 'string' && value !== '') return MASK;
    if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
    if (typeof value === 'function') return `[function ${value.name}]`;
    if (typeof value !== 'object' || value === null) return value;
    // JSON.stringify has already called toJSON, which turns a buffer into a list of all its bytes.
    const raw = (this as Record<string, unknown>)[key];
    if (ArrayBuffer.isView(raw)) return `[${raw.byteLength} bytes]`;
    // `this` is the holder of `value`: what is open beyond it has been left.
    while (open.length > 0 && open.at(-1) !== this) open.pop();
    if (open.includes(value)) return '[circular]';
    const plain = plainOf(value);
    open.push(plain);
    return plain;
  }
  try {
    return JSON.stringify(entry, replace);
  } catch (error) {
    // A getter or toJSON of a foreign object threw: the line itself must not get lost.
    const { ts, level, msg } = entry;
    return JSON.stringify({ ts, level, msg, logError: String(error) });
  }
}

function plainOf(value: object): unknown {
  if (value instanceof Error) return errorFields(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}

function errorFields(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return {
    name,
    ...(code === undefined ? {} : { code }),
    message,
    // The first lines say where; deep stacks of libraries only cost.
    ...(stack === undefined ? {} : { stack: stack.split('\n').slice(0, 12).join('\n') }),
    ...(cause === undefined ? {} : { cause }),
  };
}
