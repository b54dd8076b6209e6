import { languageOf, type Loaders } from '../i18n/context';
import type { SignMessages } from '../i18n/messages/sign.en';

export const { LanguageProvider, useLanguage } = languageOf<SignMessages>();

export const loaders: Loaders<SignMessages> = {
  en: async () => (await import('../i18n/messages/sign.en')).en,
  es: async () => (await import('../i18n/messages/sign.es')).es,
};
