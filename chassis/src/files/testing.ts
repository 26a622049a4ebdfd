import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that changes as the kubelet changes a mounted volume (k8s.io/kubernetes/pkg/volume/util/atomic_writer.go): for tests. */
export class MountedVolume {
  readonly folder: string;
  #generation = 0;
  #names: readonly string[] = [];

  constructor() {
    this.folder = join(mkdtempSync(join(tmpdir(), 'motif-volume-')), 'mounted');
  }

  /** Puts exactly these files there, all at once. */
  async publish(files: Readonly<Record<string, string>>): Promise<void> {
    const previous = this.#generation++;
    const generation = `..${this.#generation}`;
    await mkdir(join(this.folder, generation), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(this.folder, generation, name), text);
    await symlink(generation, join(this.folder, '..data_tmp'));
    await rename(join(this.folder, '..data_tmp'), join(this.folder, '..data'));
    const names = Object.keys(files);
    for (const name of names.filter((one) => !this.#names.includes(one))) {
      await symlink(join('..data', name), join(this.folder, name));
    }
    for (const name of this.#names.filter((one) => !names.includes(one))) await rm(join(this.folder, name));
    this.#names = names;
    if (previous > 0) await rm(join(this.folder, `..${previous}`), { recursive: true, force: true });
  }

  /** Removes it all, the folder too. */
  destroy(): void {
    rmSync(join(this.folder, '..'), { recursive: true, force: true });
    this.#names = [];
  }
}
