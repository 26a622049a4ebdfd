import { MotifError } from '@motif/kit';

/** The template cannot be run as it is; the message names the field. Becomes `Degraded/TemplateInvalid`. */
export class TemplateError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('TemplateInvalid', message, options);
  }
}

/** The API server or its storage will not let a claim grow. Becomes `Degraded/VolumeNotExpandable`. */
export class VolumeRefusedError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('VolumeNotExpandable', message, options);
  }
}

/** The API server refused a child for a reason that lasts (a quota, a policy, a field that cannot change). Becomes `Degraded/RefusedByServer`. */
export class RefusedError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('RefusedByServer', message, options);
  }
}
