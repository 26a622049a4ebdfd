import { expect, test } from 'vitest';

import { renderStatus } from './status.ts';

test('is a table with one line for each part', () => {
  const text = renderStatus([
    { name: 'etcd', machine: 'control', pid: 42, ready: true, log: '/log/etcd.log' },
    { name: 'kubelet-node-1', machine: 'node-1', pid: undefined, ready: false, log: '/log/kubelet-node-1.log' },
  ]);
  expect(text.split('\n')).toEqual([
    'PART            READY  PID  MACHINE  LOG',
    'etcd            yes    42   control  /log/etcd.log',
    'kubelet-node-1  no     -    node-1   /log/kubelet-node-1.log',
  ]);
});
