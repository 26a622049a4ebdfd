import { expect, test } from 'vitest';
import { errorCode, errorMessage, MotifError } from './errors.ts';

class LoadError extends MotifError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('LoadFailed', message, options);
  }
}

test('a subclass keeps its own name, code and cause', () => {
  const cause = new Error('no such file');
  const error = new LoadError('could not load', { cause });
  expect(error).toMatchObject({ name: 'LoadError', code: 'LoadFailed', message: 'could not load', cause });
  expect(error).toBeInstanceOf(MotifError);
});

test('the message tells the whole chain of causes once', () => {
  const root = new Error('connect ECONNREFUSED');
  expect(errorMessage(new LoadError('could not load', { cause: root }))).toBe('could not load: connect ECONNREFUSED');
  expect(errorMessage(new LoadError('could not load: connect ECONNREFUSED', { cause: root }))).toBe(
    'could not load: connect ECONNREFUSED',
  );
  expect(errorMessage('plain text')).toBe('plain text');
});

test('a cause that points at itself does not loop', () => {
  const error = new Error('a');
  error.cause = error;
  expect(errorMessage(error)).toBe('a');
});

test('codes are read from system errors too', () => {
  expect(errorCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect(errorCode(new Error('x'))).toBeUndefined();
  expect(errorCode(null)).toBeUndefined();
});
