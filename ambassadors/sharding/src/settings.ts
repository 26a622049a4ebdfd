import { commonSettings, defineSettings, setting } from '@motif/kit';

/** The settings of the sharding ambassador and router: its API. */
export const settings = defineSettings({
  container: 'sharding',
  settings: {
    LISTEN: setting.listen({
      default: '127.0.0.1:6379',
      about: 'Where clients connect. A sidecar serves its own pod only; the router listens on 0.0.0.0:6379.',
    }),
    TOPOLOGY: setting.path({
      default: '/etc/motif/topology/topology.json',
      about:
        'The topology document: which shards there are. It is read again when it changes, and may appear after the start.',
    }),
    SECRETS_DIR: setting.path({
      default: '/etc/motif/secrets',
      about:
        'The folder of the files auth-username, auth-password and client-<i>-password, read again when they change.',
    }),
    ...commonSettings,
  },
});
