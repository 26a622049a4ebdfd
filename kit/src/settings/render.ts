import { MotifError } from '../errors.ts';
import type { SettingsDefinition } from './define.ts';

/** The table of a container's README: one row a setting. */
export function renderReadmeTable({ settings }: SettingsDefinition): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const preset =
      setting.default !== undefined ? `\`${setting.default}\`` : setting.optional ? '*none*' : '*none, required*';
    return `| \`${name}\` | ${preset} | ${cell(setting.allowed)} | ${cell(setting.about)} |`;
  });
  return ['| setting | default | allowed | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What an image's labels say (org.opencontainers.image.…, OCI image-spec annotations). */
export interface ImageLabels {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

/** The `ENV`, `EXPOSE` and `LABEL` lines of a container's Dockerfile. */
export function renderDockerfileLines({ settings }: SettingsDefinition, labels: ImageLabels): string {
  const defaults = Object.entries(settings).flatMap(([name, setting]) =>
    setting.default === undefined ? [] : [`ENV ${name}=${JSON.stringify(setting.default)}`],
  );
  const ports = Object.values(settings).flatMap(({ exposes }) => (exposes === undefined ? [] : [exposes]));
  const expose = ports.length === 0 ? [] : [`EXPOSE ${[...new Set(ports)].sort((a, b) => a - b).join(' ')}`];
  const all = { ...labels, licenses: 'Apache-2.0', vendor: 'Motif' };
  const label = Object.entries(all).map(
    ([key, value]) => `LABEL org.opencontainers.image.${key}=${JSON.stringify(value)}`,
  );
  return [...defaults, ...expose, ...label].join('\n');
}

/** The lines around a generated part, by the kind of file. */
export const MARKERS = {
  markdown: ['<!-- settings:begin (generated: npm run generate) -->', '<!-- settings:end -->'],
  dockerfile: ['# settings:begin (generated: npm run generate)', '# settings:end'],
} as const;

/**
 * `text` with what is between the two markers replaced by `body`.
 * @throws MotifError `MissingMarker` when either is not there
 */
export function replaceBetween(text: string, [begin, end]: readonly [string, string], body: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new MotifError('MissingMarker', `the lines ${begin} and ${end} are not there`);
  return `${text.slice(0, from + begin.length)}\n${body}\n${text.slice(to)}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
