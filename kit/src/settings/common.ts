import { LOG_LEVELS } from '../log/logger.ts';
import { choice, duration, listen } from './kinds.ts';

/** The settings that every container has: spread them into the container's own. */
export const commonSettings = {
  ADMIN_LISTEN: listen({
    default: '0.0.0.0:9900',
    about: 'Where health, readiness, metrics, topology and settings are served, apart from traffic.',
  }),
  LOG_LEVEL: choice({
    of: LOG_LEVELS,
    default: 'info',
    about: 'Lines below this level are not logged; PUT /loglevel on the admin port changes it for a while.',
  }),
  DRAIN_TIMEOUT: duration({
    default: '25s',
    max: '1h',
    about: 'How long work in flight may take to end after SIGTERM; keep it below the grace period of the pod (30s).',
  }),
};
