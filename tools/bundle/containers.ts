/** Our containers: what each is bundled from. Their Dockerfiles are in `images/<name>`, their bundles in `dist/<name>`. */
export interface Container {
  /** As in the image's name: `motif/<name>`. */
  readonly name: string;
  /** The program, from the repository's root. */
  readonly entry: string;
}

export const containers: readonly Container[] = [
  { name: 'operator', entry: 'operator/src/main.ts' },
  { name: 'sharding', entry: 'ambassadors/sharding/src/main.ts' },
];

/**
 * The containers of these names, all of them when none is given.
 * @throws Error naming the unknown one and those that are known
 */
export function containersNamed(names: readonly string[]): readonly Container[] {
  if (names.length === 0) return containers;
  return names.map((name) => {
    const found = containers.find((container) => container.name === name);
    if (found === undefined)
      throw new Error(`no container is called "${name}"; there are ${containers.map((one) => one.name).join(', ')}`);
    return found;
  });
}
