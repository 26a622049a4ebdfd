/** Our containers: what each is bundled from. Their Dockerfiles are in `images/<name>`, their bundles in `dist/<name>`. */
export interface Container {
  /** As in the image's name: `motif/<name>`. */
  readonly name: string;
  /** Its workspace, from the repository's root; its README is there. */
  readonly workspace: string;
  /** The program, from the repository's root. */
  readonly entry: string;
  /** The module that exports its settings as `settings`, from the repository's root. */
  readonly settings: string;
  /** One sentence for the image's label. */
  readonly description: string;
}

export const containers: readonly Container[] = [
  {
    name: 'operator',
    workspace: 'operator',
    entry: 'operator/src/main.ts',
    settings: 'operator/src/settings.ts',
    description: 'Builds and keeps what the resources of motif.dev ask for.',
  },
  {
    name: 'sharding',
    workspace: 'ambassadors/sharding',
    entry: 'ambassadors/sharding/src/main.ts',
    settings: 'ambassadors/sharding/src/settings.ts',
    description: 'Makes the shards of a ShardedService look like one server, as a sidecar or as a router.',
  },
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
