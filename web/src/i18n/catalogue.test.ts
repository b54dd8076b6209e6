import { describe, expect, test } from 'vitest';
import { en, type SignMessages } from './messages/sign.en';
import { es } from './messages/sign.es';
import { fill, textsFor } from './catalogue';
import { pickLocale, regionOf } from './pickLocale';

describe('texts', () => {
  test('parameters are put in, unknown ones stay visible', () => {
    expect(fill('Page {page} of {pages}', { page: 2, pages: 5 })).toBe('Page 2 of 5');
    expect(fill('Page {page}', {})).toBe('Page {page}');
  });

  test('numbers choose their plural form', () => {
    const english = textsFor<SignMessages>('en', en);
    expect(english.plural('arrive.pages', 1)).toBe('1 page');
    expect(english.plural('arrive.pages', 12)).toBe('12 pages');
    expect(textsFor<SignMessages>('es', es).plural('fields.leftShort', 1)).toBe('Falta 1');
  });

  test('dates follow the person’s region, not only the language', () => {
    expect(textsFor('en', en, 'en-GB').day('1988-04-11')).toBe('11 Apr 1988');
    expect(textsFor('en', en, 'en-US').day('1988-04-11')).toBe('Apr 11, 1988');
  });
});

describe('the language', () => {
  test('is the first of the person’s that the pages speak', () => {
    expect(pickLocale(['fr-FR', 'es-MX', 'en'])).toBe('es');
    expect(pickLocale(['EN-gb'])).toBe('en');
    expect(pickLocale(['fr', 'de'])).toBe('en');
    expect(pickLocale([])).toBe('en');
  });

  test('keeps its regional form for dates', () => {
    expect(regionOf('es', ['en-GB', 'es-MX'])).toBe('es-MX');
    expect(regionOf('es', ['en-GB'])).toBe('es');
  });
});
