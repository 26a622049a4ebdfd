/** A container that does nothing, started by run-container.test.ts as a process of its own. */
import { commonSettings } from '../../settings/common.ts';
import { defineSettings } from '../../settings/define.ts';
import { choice } from '../../settings/kinds.ts';
import { runContainer } from '../run-container.ts';

await runContainer({
  version: '0.0.0',
  settings: defineSettings({
    container: 'sample',
    settings: {
      ...commonSettings,
      BEHAVIOUR: choice({ of: ['clean', 'hang', 'throw', 'reject', 'fail'], default: 'clean', about: 'Of the test.' }),
    },
  }),
  async start({ settings, logger, fail }) {
    const keepsAlive = setInterval(() => {}, 1000);
    const late = (fn: () => void) => setTimeout(fn, 1);
    if (settings.BEHAVIOUR === 'throw') {
      late(() => {
        throw new Error('thrown by nobody');
      });
    }
    if (settings.BEHAVIOUR === 'reject') late(() => void Promise.reject(new Error('awaited by nobody')));
    if (settings.BEHAVIOUR === 'fail') late(() => fail(new Error('only a restart helps')));
    return {
      async drain() {
        logger.info('drain was asked for');
        if (settings.BEHAVIOUR === 'hang') await new Promise(() => {});
        clearInterval(keepsAlive);
      },
    };
  },
});
