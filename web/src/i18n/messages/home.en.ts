import { commonEn } from './common.en';

export const en = {
  ...commonEn,
  'home.title': 'Signed documents, kept safe',
  'home.body': 'If you were asked to sign, open the link in your e-mail: it takes you straight to your document.',
  'home.verify': 'Verify a document',
  'home.verifyHint': 'Have a signed PDF? See whether it is genuine and unchanged.',
  'missing.title': 'There is nothing here',
  'missing.body': 'The address may be mistyped or cut short. If you were asked to sign, open the link in your e-mail again.',
} as const;

export type HomeMessages = typeof en;
