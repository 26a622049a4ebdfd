/** What tests of any part use; never imported by a program. */
export { FakeClock } from './clock/fake-clock.ts';
export { seededRandom } from './random.ts';
