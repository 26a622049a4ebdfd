/** `npm run bundle [-- NAME …]`: bundles our containers, all of them when none is named. */
import { bundle } from './bundle.ts';
import { type Container, containersNamed } from './containers.ts';

let wanted: readonly Container[] = [];
try {
  wanted = containersNamed(process.argv.slice(2));
} catch (error) {
  console.error(`motif: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
for (const container of wanted) {
  const { bytes } = await bundle(process.cwd(), container);
  console.log(`dist/${container.name}/main.mjs  ${(bytes / 1024).toFixed(0)} KiB`);
}
