/** Test doubles of the Kubernetes API; never imported by a program. */
export { CrashError, crashingClient } from './testing/crashing-client.ts';
export { fakeClient, testDependencies, widgets } from './testing/fake-client.ts';
export { answerWith, cutConnection, emptyLists, FakeFaults, hang, rawWatch } from './testing/fake-server/faults.ts';
export { FakeApiServer, type FakeServerOptions } from './testing/fake-server/server.ts';
export { recordingClient, type VerbUse } from './testing/recording-client.ts';
export { type CallInfo, isWrite, type WrapHooks, wrapClient } from './testing/wrap.ts';
