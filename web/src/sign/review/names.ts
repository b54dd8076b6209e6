import type { Field } from '../../api/signing';
import type { Texts } from '../../i18n/catalogue';
import type { SignMessages } from '../../i18n/messages/sign.en';
import type { FieldProblem } from '../state/validate';

type Words = Pick<Texts<SignMessages>, 't'>;

/** What a field is called on screen. Templates often name fields for machines: `client_signature`, `FIRMA_1`. */
export function nameOf(field: Field, { t }: Words): string {
  const bare = field.name.trim();
  if (bare === '') return t(`type.${field.type}`);
  if (/\s/.test(bare) || !/[_.-]|^[A-Z0-9]+$/.test(bare)) return bare;
  const words = bare.replace(/[_.-]+/g, ' ').trim().toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The whole name for assistive technology. */
export function spokenName(field: Field, done: boolean, words: Words): string {
  const { t } = words;
  const about = { name: nameOf(field, words), type: t(`type.${field.type}`), page: field.page };
  if (done) return t('field.labelDone', about);
  return t('field.label', { ...about, need: t(field.required ? 'fields.required' : 'fields.optional') });
}

export function wordsFor(problem: FieldProblem, { t }: Words): string {
  switch (problem.kind) {
    case 'missing':
      return t('field.missing');
    case 'badPhone':
      return t('field.badPhone');
    case 'badDate':
      return t('field.badDate');
    case 'refused':
      return problem.detail === '' ? t('field.refusedPlain') : t('field.refused', { detail: problem.detail });
  }
}
