import type { Field, FieldValue, Mark } from '../../api/signing';
import { Icon } from '../../ui/Icon';
import { useLanguage } from '../language';
import { MarkPreview } from '../signature/MarkPreview';
import { useSession, useSigningState } from '../SigningContext';
import type { MarkType } from '../state/fields';
import { isFilled, valueOf } from '../state/fields';
import { spokenName } from './names';

function isMark(value: FieldValue): value is Mark {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** The accessible name holds what can be read on the button (WCAG 2.5.3). */
function nameFor(value: FieldValue, spoken: string, call: string): string {
  if (!isFilled(value)) return `${call}: ${spoken}`;
  return isMark(value) && value.kind === 'typed' ? `${spoken}: ${value.text}` : spoken;
}

interface MarkButtonProps {
  readonly field: Field & { type: MarkType };
  readonly id: string;
  readonly aspect: number;
  readonly describedBy?: string | undefined;
  readonly onPress: () => void;
}

/** A place to sign: empty it invites, filled it shows the mark and opens it for a change. */
export function MarkButton({ field, id, aspect, describedBy, onPress }: MarkButtonProps) {
  const language = useLanguage();
  const { t } = language;
  const { values, problems } = useSigningState();
  const { name } = useSession().signer;
  const value = valueOf(field, values);
  const filled = isFilled(value);
  const call = t(field.type === 'signature' ? 'field.sign' : 'field.initial');
  return (
    <button
      type="button"
      id={id}
      className={filled ? 'mark-button filled' : 'mark-button'}
      aria-label={nameFor(value, spokenName(field, filled, language), call)}
      aria-describedby={describedBy}
      data-invalid={field.field_id in problems || undefined}
      onClick={onPress}
    >
      {isMark(value) ? (
        <MarkPreview mark={value} aspect={aspect} label={t('mark.alt', { type: t(`type.${field.type}`), name })} />
      ) : (
        <span className="mark-call">
          <Icon name={filled ? 'check' : 'pen'} size={16} />
          <span>{filled ? t('fields.done') : call}</span>
        </span>
      )}
    </button>
  );
}
