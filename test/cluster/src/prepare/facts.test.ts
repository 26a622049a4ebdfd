import { expect, test } from 'vitest';

import { parseComponents, parseSuite } from './facts.ts';

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n';
const ubuntu = 'NAME="Ubuntu"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=noble\n';

test.each([
  ['Debian', debian, 'bookworm', 'main'],
  ['Ubuntu, where redis is in universe', ubuntu, 'noble', 'main,universe'],
  ['a quoted name', 'VERSION_CODENAME="trixie"\nID=debian', 'trixie', 'main'],
  ['a distribution without a code name', 'ID=debian\n', 'stable', 'main'],
])('%s', (_, text, suite, components) => {
  expect([parseSuite(text), parseComponents(text)]).toEqual([suite, components]);
});
