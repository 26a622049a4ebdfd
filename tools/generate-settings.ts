/** Writes what is made from the settings of our containers: README tables, Dockerfile lines, the snapshot of the version in the making. */
import { writeFileSync } from 'node:fs';
import { containers } from './bundle/containers.ts';
import { filesOf, settingsOf } from './settings/files.ts';

for (const container of containers) {
  const definition = await settingsOf(process.cwd(), container);
  for (const { path, text } of filesOf(process.cwd(), container, definition)) writeFileSync(path, text);
}
