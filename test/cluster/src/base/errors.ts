import { MotifError } from '@motif/kit/errors';

export type ClusterErrorCode =
  | 'BadArguments'
  | 'BuildFailed'
  | 'Busy'
  | 'CannotRun'
  | 'CommandFailed'
  | 'ImageMissing'
  | 'NoSubnet'
  | 'NotRunning'
  | 'PartFailed'
  | 'TimedOut'
  | 'Unsupported';

/** Whatever goes wrong with the embedded cluster: one sentence that says what and, where there is one, the way out. */
export class ClusterError extends MotifError {
  constructor(code: ClusterErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}
