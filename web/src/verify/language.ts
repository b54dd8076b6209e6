import { languageOf, type Loaders } from '../i18n/context';
import type { VerifyMessages } from '../i18n/messages/verify.en';

export const { LanguageProvider, useLanguage } = languageOf<VerifyMessages>();

export const loaders: Loaders<VerifyMessages> = {
  en: async () => (await import('../i18n/messages/verify.en')).en,
  es: async () => (await import('../i18n/messages/verify.es')).es,
};
