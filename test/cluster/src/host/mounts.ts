/** One line of `/proc/<pid>/mountinfo` (proc(5)), as far as it is used here. */
export interface Mount {
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const [left = '', right = ''] = line.split(' - ');
      const path = left.split(' ')[4];
      const [type, source, options = ''] = right.split(' ');
      if (path === undefined || type === undefined || source === undefined) return [];
      return [{ path: decode(path), type, source: decode(source), superOptions: options.split(',') }];
    });
}

/** The kernel writes blanks, tabs, line ends and backslashes as three octal digits. */
function decode(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** The mounts at or below a folder, the last mounted first: the order in which they can be taken away. */
export function mountsBelow(mounts: readonly Mount[], folder: string): Mount[] {
  return mounts.filter((mount) => mount.path === folder || mount.path.startsWith(`${folder}/`)).reverse();
}
