export const commonEn = {
  'language.label': 'Language',
  'brand.home': 'deedbox',
  'action.close': 'Close',
  'action.cancel': 'Cancel',
  'action.retry': 'Try again',
  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'reference': 'Reference {reference}',
} as const;
