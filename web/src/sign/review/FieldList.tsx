import type { Field } from '../../api/signing';
import { Icon, type IconName } from '../../ui/Icon';
import { useLanguage } from '../language';
import { useSession, useSigningState } from '../SigningContext';
import { isAutomatic, isFilled, isOpen, myFields, valueOf } from '../state/fields';
import { nameOf, wordsFor } from './names';

interface FieldListProps {
  readonly pointed: string | null;
  readonly onGo: (field: Field) => void;
}

interface RowState {
  readonly look: 'done' | 'wrong' | 'open' | 'automatic';
  readonly words: string;
}

const LOOKS: Readonly<Record<RowState['look'], IconName | null>> = {
  done: 'check',
  wrong: 'alert',
  open: null,
  automatic: 'clock',
};

function useRowState() {
  const language = useLanguage();
  const { t } = language;
  const { values, problems } = useSigningState();
  return (field: Field): RowState => {
    if (isAutomatic(field)) return { look: 'automatic', words: t('fields.automatic') };
    const problem = problems[field.field_id];
    if (problem) return { look: 'wrong', words: wordsFor(problem, language) };
    if (isFilled(valueOf(field, values))) return { look: 'done', words: t('fields.done') };
    return { look: 'open', words: t(field.required ? 'fields.required' : 'fields.optional') };
  };
}

/** The map of what is asked: every field with its page and its state, and a way there. */
export function FieldList({ pointed, onGo }: FieldListProps) {
  const language = useLanguage();
  const { t } = language;
  const rowState = useRowState();
  const fields = myFields(useSession()).filter((field) => isOpen(field) || isAutomatic(field));
  if (fields.length === 0) return <p className="meta">{t('fields.none')}</p>;
  return (
    <ul className="field-list">
      {fields.map((field) => {
        const { look, words } = rowState(field);
        const icon = LOOKS[look];
        return (
          <li key={field.field_id}>
            <button
              type="button"
              className={look}
              aria-current={pointed === field.field_id ? 'step' : undefined}
              disabled={look === 'automatic'}
              onClick={() => {
                onGo(field);
              }}
            >
              <span className="state-dot">{icon && <Icon name={icon} size={14} />}</span>
              <span className="field-name">{nameOf(field, language)}</span>
              <span className="meta">
                {t('fields.where', { page: field.page })} · {words}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
