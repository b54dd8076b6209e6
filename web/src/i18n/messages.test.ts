import { describe, expect, test } from 'vitest';
import { en as homeEn } from './messages/home.en';
import { es as homeEs } from './messages/home.es';
import { en as signEn } from './messages/sign.en';
import { es as signEs } from './messages/sign.es';
import { en as verifyEn } from './messages/verify.en';
import { es as verifyEs } from './messages/verify.es';

const CATALOGUES: readonly [string, Record<string, string>, Record<string, string>][] = [
  ['sign', signEn, signEs],
  ['verify', verifyEn, verifyEs],
  ['home', homeEn, homeEs],
];

const parametersOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

const SOURCES = Object.entries(
  import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
)
  .filter(([path]) => !path.includes('/messages/') && !path.includes('.test.'))
  .map(([, source]) => source)
  .join('\n');

/** Keys are written whole, as the stem of a plural, or completed from a part that is known: `stop.${reason}.title`. */
function isUsed(key: string): boolean {
  const stem = key.replace(/\.(one|other)$/, '');
  const [first = '', second = ''] = key.split('.');
  const built = [`\`${first}.\${`, `\`${first}.${second}.\${`];
  return [`'${key}'`, `'${stem}'`, ...built].some((form) => SOURCES.includes(form));
}

describe.each(CATALOGUES)('the catalogue of the %s page', (_name, en, es) => {
  test('has the same keys in English and Spanish', () => {
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
  });

  test('takes the same parameters in both languages', () => {
    for (const [key, text] of Object.entries(en)) {
      expect([key, parametersOf(es[key] ?? '')]).toEqual([key, parametersOf(text)]);
    }
  });

  test('holds no text that no page shows', () => {
    expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);
  });

  test('leaves nothing empty', () => {
    for (const text of [...Object.values(en), ...Object.values(es)]) expect(text.trim()).not.toBe('');
  });

  test('has both forms of every plural', () => {
    for (const key of Object.keys(en)) {
      if (key.endsWith('.one')) expect(en).toHaveProperty([key.replace(/one$/, 'other')]);
    }
  });
});
