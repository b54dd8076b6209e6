import { languageOf, type Loaders } from '../i18n/context';
import type { HomeMessages } from '../i18n/messages/home.en';

export const { LanguageProvider, useLanguage } = languageOf<HomeMessages>();

export const loaders: Loaders<HomeMessages> = {
  en: async () => (await import('../i18n/messages/home.en')).en,
  es: async () => (await import('../i18n/messages/home.es')).es,
};
