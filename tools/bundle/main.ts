/** `npm run bundle [-- NAME …]`: bundles our containers, all of them when none is named. */
import { bundle } from './bundle.ts';
import { containersNamed } from './containers.ts';

for (const container of containersNamed(process.argv.slice(2))) {
  const { bytes } = await bundle(process.cwd(), container);
  console.log(`dist/${container.name}/main.mjs  ${(bytes / 1024).toFixed(0)} KiB`);
}
