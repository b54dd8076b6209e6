import { LOCALES, type Locale } from './catalogue';

/** The person's own form of a language, such as `es-MX`; the bare language where they name none. */
export function regionOf(locale: Locale, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === locale) ?? locale;
}

/** The first language of the person's list that these pages speak; English when none is. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    const found = LOCALES.find((locale) => locale === primary);
    if (found) return found;
  }
  return 'en';
}
