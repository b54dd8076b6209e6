import { describe, expect, test } from 'vitest';
import { fieldSample, sessionSample } from '../../../fixtures/samples';
import { emptyOptional, inReadingOrder, isFilled, missingFields, progressOf, valueOf } from './fields';
import { problemWith } from './validate';

const ids = (fields: readonly { field_id: string }[]) => fields.map((field) => field.field_id);

describe('the order of fields', () => {
  test('is page by page, line by line, left to right', () => {
    const fields = [
      fieldSample({ field_id: 'p2', page: 2, y: 0.1 }),
      fieldSample({ field_id: 'right', x: 0.6, y: 0.305 }),
      fieldSample({ field_id: 'left', x: 0.1, y: 0.3 }),
      fieldSample({ field_id: 'top', x: 0.5, y: 0.1 }),
    ];
    expect(ids(inReadingOrder(fields))).toEqual(['top', 'left', 'right', 'p2']);
  });
});

describe('what is missing', () => {
  const session = sessionSample({
    fields: [
      fieldSample({ field_id: 'a', y: 0.1 }),
      fieldSample({ field_id: 'b', y: 0.2, required: false }),
      fieldSample({ field_id: 'c', y: 0.3, type: 'checkbox', value: false }),
      fieldSample({ field_id: 'd', y: 0.4, type: 'datenow' }),
      fieldSample({ field_id: 'e', y: 0.5, readonly: true }),
      fieldSample({ field_id: 'f', y: 0.6, mine: false }),
      fieldSample({ field_id: 'g', y: 0.7, value: 'default' }),
    ],
  });

  test('are required, open fields of this person without a value', () => {
    expect(ids(missingFields(session, {}))).toEqual(['a', 'c']);
    expect(ids(missingFields(session, { a: 'Ana', c: true }))).toEqual([]);
    expect(ids(missingFields(session, { g: '' }))).toEqual(['a', 'c', 'g']);
  });

  test('is counted', () => {
    expect(progressOf(session, { a: 'Ana' })).toEqual({ done: 2, total: 3, left: 1 });
    expect(emptyOptional(session, {})).toBe(1);
  });
});

test('what was entered here comes before what the server has, also when it was cleared', () => {
  const field = fieldSample({ value: 'before' });
  expect(valueOf(field, {})).toBe('before');
  expect(valueOf(field, { fld_a: 'now' })).toBe('now');
  expect(valueOf(field, { fld_a: null })).toBeNull();
});

test('blank text and an empty tick box are not filled in', () => {
  expect([null, undefined, '', '  ', false].map(isFilled)).toEqual([false, false, false, false, false]);
  expect([true, 'x', { kind: 'typed', text: 'Ana', font: 'caveat' } as const].map(isFilled)).toEqual([true, true, true]);
});

describe('an entry', () => {
  test('is judged by its kind', () => {
    expect(problemWith(fieldSample({ type: 'phone' }), 'call me')).toEqual({ kind: 'badPhone' });
    expect(problemWith(fieldSample({ type: 'phone' }), '+34 600 000 000')).toBeNull();
    expect(problemWith(fieldSample({ type: 'date' }), '2026-02-30')).toEqual({ kind: 'badDate' });
    expect(problemWith(fieldSample({ type: 'date' }), '2026-02-28')).toBeNull();
    expect(problemWith(fieldSample(), '')).toEqual({ kind: 'missing' });
    expect(problemWith(fieldSample({ required: false }), '')).toBeNull();
  });
});
