import { BYTES, COLON, CR, DELETE, LF, SPACE, shown, TAB, TOKEN } from './bytes.ts';
import { MessageError } from './error.ts';
import { hasUnderscore, kindOf, OTHER } from './field-kinds.ts';
import type { Fields } from './fields.ts';
import { MAX_FIELDS } from './limits.ts';

/** The bytes end before the head does. */
export const MORE = -1;

/**
 * Reads field lines and the empty line behind them, each byte once.
 * @param status of errors: 400 for requests, 502 for responses
 * @returns the position past the empty line, or MORE
 * @throws MessageError
 */
export function parseFields(buffer: Buffer, from: number, limit: number, fields: Fields, status: 400 | 502): number {
  let position = from;
  let count = 0;
  let seen = 0;
  fields.fieldsStart = from;
  let { nameStart, nameEnd, valueStart, valueEnd, kinds, dropped } = fields;
  for (;;) {
    let i = position;
    while (i < limit && ((BYTES[buffer[i] as number] as number) & TOKEN) !== 0) i++;
    if (i === limit) return MORE;
    if (buffer[i] !== COLON || i === position) {
      if (i !== position || buffer[i] !== CR) throw nameError(buffer, position, i, status);
      if (i + 1 === limit) return MORE;
      if (buffer[i + 1] !== LF) throw lineEndError(buffer, i, status);
      fields.count = count;
      fields.seen = seen;
      return i + 2;
    }
    const colon = i++;
    while (i < limit && (buffer[i] === SPACE || buffer[i] === TAB)) i++;
    const value = i;
    for (; i < limit; i++) {
      const byte = buffer[i] as number;
      if ((byte < SPACE && byte !== TAB) || byte === DELETE) break;
    }
    if (i === limit) return MORE;
    if (buffer[i] !== CR) throw lineEndError(buffer, i, status);
    if (i + 1 === limit) return MORE;
    if (buffer[i + 1] !== LF) throw lineEndError(buffer, i, status);
    if (count === nameStart.length) {
      if (count === MAX_FIELDS) throw tooMany(status);
      fields.grow();
      ({ nameStart, nameEnd, valueStart, valueEnd, kinds, dropped } = fields);
    }
    let last = i;
    while (last > value && isBlank(buffer[last - 1] as number)) last--;
    nameStart[count] = position;
    nameEnd[count] = colon;
    valueStart[count] = value;
    valueEnd[count] = last;
    dropped[count] = 0;
    let kind = kindOf(buffer, position, colon);
    if (kind !== OTHER) {
      if (hasUnderscore(buffer, position, colon)) {
        fields.drop(count);
        kind = OTHER;
      } else seen |= 1 << kind;
    }
    kinds[count] = kind;
    count++;
    position = i + 2;
  }
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;

function nameError(buffer: Buffer, start: number, at: number, status: number): MessageError {
  const byte = buffer[at] as number;
  if (at === start) {
    if (isBlank(byte)) return new MessageError(status, 'FoldedField', 'a field line begins with white space');
    if (byte === LF) return lineEndError(buffer, at, status);
    return new MessageError(status, 'BadFieldName', `a field name begins with ${shown(byte)}`);
  }
  if (isBlank(byte)) return new MessageError(status, 'BadFieldName', 'white space before the colon of a field');
  if (byte === CR || byte === LF) return new MessageError(status, 'BadFieldName', 'a field line without a colon');
  return new MessageError(status, 'BadFieldName', `${shown(byte)} in a field name`);
}

/** What else than CRLF ended a line. @param at where the value ended: a byte that it may not have, or a CR without LF */
export function lineEndError(buffer: Buffer, at: number, status: number): MessageError {
  const byte = buffer[at] as number;
  if (byte === CR) return new MessageError(status, 'BadLineEnd', 'CR without LF');
  if (byte === LF) return new MessageError(status, 'BadLineEnd', 'LF without CR');
  return new MessageError(status, 'BadFieldValue', `${shown(byte)} in a field value`);
}

function tooMany(status: 400 | 502): MessageError {
  const told = status === 400 ? 431 : status;
  return new MessageError(told, 'TooManyFields', `more than ${MAX_FIELDS} field lines`);
}
