/** A value of an MMDB file's data section. */
export type MmdbValue = string | number | bigint | readonly MmdbValue[] | { readonly [name: string]: MmdbValue };

type Node = [left: Node | number | undefined, right: Node | number | undefined];

/**
 * Writes a small database for tests, after the format's specification (https://maxmind.github.io/MaxMind-DB/): records of 24 bits, no
 * pointers in the data.
 * @param networks CIDRs that do not overlap, IPv4 ones in the tree's `::/96`
 */
export function mmdb(networks: Readonly<Record<string, MmdbValue>>, databaseType = 'Test-Country'): Buffer {
  const root: Node = [undefined, undefined];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [network, value] of Object.entries(networks)) {
    insert(root, bitsOf(network), offset);
    const bytes = encode(value);
    data.push(bytes);
    offset += bytes.length;
  }
  const nodes: Node[] = [];
  collect(root, nodes);
  const tree = Buffer.alloc(nodes.length * 6);
  const record = (child: Node | number | undefined): number =>
    child === undefined ? nodes.length : typeof child === 'number' ? nodes.length + 16 + child : nodes.indexOf(child);
  for (const [i, [left, right]] of nodes.entries()) {
    tree.writeUIntBE(record(left), i * 6, 3);
    tree.writeUIntBE(record(right), i * 6 + 3, 3);
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000n,
    database_type: databaseType,
    description: { en: 'made by a test' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'), metadata]);
}

function insert(root: Node, bits: readonly number[], at: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const child = node[bit];
    const next: Node = Array.isArray(child) ? child : [undefined, undefined];
    node[bit] = next;
    node = next;
  }
  node[bits.at(-1) as number] = at;
}

function bitsOf(network: string): number[] {
  const [address = '', length] = network.split('/');
  const bytes = address.includes(':')
    ? ipv6(address)
    : [...Array<number>(12).fill(0), ...address.split('.').map(Number)];
  const bits = bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1));
  return bits.slice(0, Number(length) + (address.includes(':') ? 0 : 96));
}

function ipv6(address: string): number[] {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  const [before, after] = [groups(left), groups(right)];
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after];
}

function collect(node: Node, nodes: Node[]): void {
  nodes.push(node);
  for (const child of node) if (Array.isArray(child)) collect(child, nodes);
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'bigint')
    return Buffer.concat([control(9, 8), Buffer.from(value.toString(16).padStart(16, '0'), 'hex')]);
  if (typeof value === 'number')
    return Buffer.concat([control(6, 4), Buffer.from(value.toString(16).padStart(8, '0'), 'hex')]);
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value as Readonly<Record<string, MmdbValue>>);
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([name, item]) => [encode(name), encode(item)]),
  ]);
}

/** Types above 7 have a byte of their own; sizes above 28 one more. */
function control(type: number, size: number): Buffer {
  const bits = Math.min(size, 29);
  const first = type > 7 ? [bits, type - 7] : [(type << 5) | bits];
  return Buffer.from(size >= 29 ? [...first, size - 29] : first);
}
