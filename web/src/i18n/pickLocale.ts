import { LOCALES, type Locale } from './catalogue';

/** The first language of the person's list that these pages speak; English when none is. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split('-')[0];
    const found = LOCALES.find((locale) => locale === primary);
    if (found) return found;
  }
  return 'en';
}
