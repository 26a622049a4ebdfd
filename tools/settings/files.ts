import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SettingsDefinition, SettingsSnapshot } from '@motif/kit';
import {
  brokenPromises,
  MARKERS,
  renderDockerfileLines,
  renderReadmeTable,
  replaceBetween,
  snapshotOf,
} from '@motif/kit';
import type { Container } from '../bundle/containers.ts';

/** A file that is made from a container's settings. */
export interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string;
  /** As it must be. */
  readonly text: string;
}

/** The promises of each release, by version. */
type Snapshots = Readonly<Record<string, SettingsSnapshot>>;

/** The settings of a container, as its module exports them. */
export async function settingsOf(root: string, { settings }: Container): Promise<SettingsDefinition> {
  const module: { settings: SettingsDefinition } = await import(pathToFileURL(join(root, settings)).href);
  return module.settings;
}

/** The README's table, the Dockerfile's lines and the snapshot of the version in the making, for one container. */
export function filesOf(root: string, container: Container, definition: SettingsDefinition): GeneratedFile[] {
  const { name, description } = container;
  const version = versionOf(root);
  const dockerfile = `images/${name}/Dockerfile`;
  const labels = { title: `motif/${name}`, description, version };
  const readme = join(container.workspace, 'README.md');
  return [
    {
      path: dockerfile,
      text: replaceBetween(read(root, dockerfile), MARKERS.dockerfile, renderDockerfileLines(definition, labels)),
    },
    { path: readme, text: replaceBetween(read(root, readme), MARKERS.markdown, renderReadmeTable(definition)) },
    {
      path: snapshotPath(container),
      text: `${JSON.stringify({ ...snapshotsOf(root, container), [version]: snapshotOf(definition) }, undefined, 2)}\n`,
    },
  ];
}

/** What the definition breaks of what earlier releases promised, each line with its release. */
export function brokenSince(root: string, container: Container, definition: SettingsDefinition): string[] {
  const earlier = Object.entries(snapshotsOf(root, container)).filter(([version]) => version !== versionOf(root));
  return earlier.flatMap(([version, snapshot]) =>
    brokenPromises(snapshot, definition).map((line) => `${container.name} ${version}: ${line}`),
  );
}

function snapshotsOf(root: string, container: Container): Snapshots {
  const path = snapshotPath(container);
  return existsSync(join(root, path)) ? JSON.parse(read(root, path)) : {};
}

function snapshotPath({ workspace }: Container): string {
  return join(workspace, 'settings.snapshot.json');
}

function versionOf(root: string): string {
  return JSON.parse(read(root, 'package.json')).version;
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
