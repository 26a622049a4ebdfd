import { writev } from 'node:fs';
import { AccessLog } from '@motif/chassis/http/observe/log/access-log';
import { LineWriter } from '@motif/chassis/http/observe/log/line-writer';
import { Counter } from '@motif/kit';
import type { Context } from './proxy.ts';
import { sampledEvery } from './sampling.ts';

const STANDARD_OUTPUT = 1;

/** The access log as the settings want it; undefined where it is off. */
export function accessLogOf({ settings, registry, clock, random }: Context) {
  const every = sampledEvery(settings.ACCESS_LOG);
  if (every === 0) return undefined;
  const dropped = new Counter({
    name: 'motif_access_log_lines_dropped_total',
    help: 'Lines of the access log that were dropped because standard output was not read fast enough.',
    registers: [registry],
  });
  const lines = new LineWriter({ write: writeOut, clock, dropped: () => dropped.inc() });
  const accessLog = new AccessLog({
    every,
    query: settings.ACCESS_LOG_QUERY,
    clock,
    random,
    write: (line) => lines.line(line),
  });
  return { option: { accessLog }, close: () => lines.close() };
}

/** Writes off the loop, unlike `process.stdout` on a pipe: a reader of the log that is slow must not hold up traffic. */
function writeOut(chunk: Buffer, done: () => void): void {
  writev(STANDARD_OUTPUT, [chunk], (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(() => writeOut(chunk, done), 5);
    else if (error !== null || written === chunk.length || written === 0) done();
    else writeOut(chunk.subarray(written), done);
  });
}
