import { describe, expect, test } from 'vitest';
import { fieldSample } from '../../../fixtures/samples';
import { textsFor } from '../../i18n/catalogue';
import { en } from '../../i18n/messages/sign.en';
import { nameOf, spokenName } from './names';

const words = textsFor('en', en);

describe('a field’s name', () => {
  test('is read as words when it was given for machines', () => {
    const named = (name: string) => nameOf(fieldSample({ name }), words);
    expect(named('client_signature')).toBe('Client signature');
    expect(named('FIRMA_CLIENTE')).toBe('Firma cliente');
    expect(named('Date of birth')).toBe('Date of birth');
    expect(named('Nombre')).toBe('Nombre');
    expect(named(' ')).toBe('Text');
  });

  test('is spoken with kind, page and need', () => {
    const field = fieldSample({ name: 'Borrower', type: 'signature', page: 3 });
    expect(spokenName(field, false, words)).toBe('Borrower, Signature, page 3, Required');
    expect(spokenName(field, true, words)).toBe('Borrower, Signature, page 3, done');
  });
});
