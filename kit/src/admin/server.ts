import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { Registry } from 'prom-client';
import type { Clock } from '../clock/clock.ts';
import { MotifError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Address } from '../settings/address.ts';
import { formatAddress } from '../settings/address.ts';
import type { SettingReport } from '../settings/define.ts';
import { LogLevelError, TemporaryLogLevel } from './log-level.ts';
import type { ReadinessChecks } from './readiness.ts';
import { askReadiness, renderReadiness } from './readiness.ts';

export interface AdminOptions {
  readonly listen: Address;
  /** What `/readyz` asks; checks added later count too. */
  readonly checks: ReadinessChecks;
  readonly registry: Registry;
  /** The topology document in force, for `/topology`; undefined while there is none (503). Left out: the container has none (404). */
  readonly topology?: () => unknown;
  /** Further pages by their path, such as `/hotkeys`: what they answer in JSON. Looked at anew for each question. */
  readonly pages?: ReadonlyMap<string, () => unknown>;
  /** What `/settings` shows: `reportSettings`. */
  readonly settings: readonly SettingReport[];
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The admin port of a process. */
export interface AdminServer {
  /** Where it really listens (port 0 takes any free one). */
  readonly address: Address;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (only that the process answers: it never depends on a peer), `/readyz` (`?verbose`), `/metrics`, `/topology`, `/settings`,
 * `GET|PUT /loglevel` and the container's own pages.
 * @throws MotifError `ListenFailed` when the address cannot be listened on
 */
export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const levels = new TemporaryLogLevel(options.logger, options.clock);
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, adminApp(options, levels));
  // Scrapers and probes are few; the bound keeps a leaking client from taking all files of the process.
  server.maxConnections = 256;
  await listening(server, options.listen);
  const bound = server.address() as AddressInfo;
  return {
    address: { host: bound.address, port: bound.port },
    close: () => {
      levels.stop();
      return closed(server);
    },
  };
}

function adminApp(options: AdminOptions, levels: TemporaryLogLevel): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => void response.type('text/plain').send('ok\n'));
  app.get('/readyz', async (request, response) => {
    const readiness = await askReadiness(options.checks, options.clock);
    const page = renderReadiness(readiness, request.query.verbose !== undefined);
    response
      .status(readiness.ok ? 200 : 503)
      .type('text/plain')
      .send(page);
  });
  app.get('/metrics', async (_request, response) => {
    response.set('content-type', options.registry.contentType).send(await options.registry.metrics());
  });
  app.get('/settings', (_request, response) => void response.json(options.settings));
  app.get('/topology', (_request, response) => sendTopology(options.topology, response));
  app.get('/loglevel', (_request, response) => void response.json(levels.state()));
  app.put('/loglevel', express.json({ limit: '1kb', type: () => true }), (request, response) => {
    levels.apply(request.body);
    response.json(levels.state());
  });
  app.use((request, response) => {
    const { pages = new Map<string, () => unknown>() } = options;
    const page = request.method === 'GET' ? pages.get(request.path) : undefined;
    if (page !== undefined) {
      response.json(page());
      return;
    }
    const paths = ['/healthz', '/readyz', '/metrics', '/topology', '/settings', '/loglevel', ...pages.keys()];
    response.status(404).json({ error: `${request.method} ${request.path} is not served here`, paths });
  });
  app.use(errorHandler(options.logger));
  return app;
}

function sendTopology(topology: AdminOptions['topology'], response: Response): void {
  if (topology === undefined) {
    response.status(404).json({ error: 'this container has no topology' });
    return;
  }
  const document = topology();
  if (document === undefined)
    response.status(503).json({ error: 'no topology has been loaded yet; see /readyz?verbose' });
  else response.json(document);
}

function errorHandler(logger: Logger) {
  // Express tells error handlers from others by their four parameters.
  return (error: Error & { status?: number }, request: Request, response: Response, _next: NextFunction): void => {
    const status = error instanceof LogLevelError ? 400 : (error.status ?? 500);
    if (status >= 500) logger.error('admin request failed', { path: request.path, error });
    if (response.headersSent) response.destroy();
    else response.status(status).json({ error: error.message });
  };
}

function listening(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new MotifError('ListenFailed', `cannot listen on ${formatAddress({ host, port })} (admin)`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // A scrape that is under way when the process ends is worth nothing to anyone.
    server.closeAllConnections();
  });
}
