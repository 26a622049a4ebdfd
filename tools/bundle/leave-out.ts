import type { Plugin } from 'esbuild';

/**
 * Leaves out zod's messages in some forty languages, of which only the English are used: 0.3 MB of the file, and 6 MB of the 88 that an idle
 * container took.
 */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
 * Leaves out prom-client's push gateway and its collecting from child processes, which containers do not use: they load TLS and `cluster`, 2.5 MB of
 * an idle container's memory.
 */
export const scrapedOnly: Plugin = {
  name: 'scraped-only',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]prom-client[\\/]lib[\\/](?:pushgateway|cluster)\.js$/ }, () => ({
      contents:
        'module.exports = class { constructor() { throw new Error("this part of prom-client is not in the bundle"); } };',
      loader: 'js',
    }));
  },
};

/**
 * Takes `node:http` and `node:https` by `require`. An `import` reads all that they export, and so loads what they only offer when asked:
 * undici and web streams, 2.5 MB of an idle container's memory.
 */
export const lazyHttp: Plugin = {
  name: 'lazy-http',
  setup(builder) {
    builder.onResolve({ filter: /^(?:node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'lazy-http' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'lazy-http' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
