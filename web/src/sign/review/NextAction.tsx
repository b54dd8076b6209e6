import type { Field } from '../../api/signing';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useLanguage } from '../language';
import { useSession, useSigningState } from '../SigningContext';
import { isMarkField, missingFields, progressOf, type MarkType } from '../state/fields';
import { nameOf } from './names';

interface NextActionProps {
  readonly pointed: string | null;
  readonly onNext: () => void;
}

function useNextWords(next: Field | undefined, pointed: string | null): string {
  const language = useLanguage();
  const { t } = language;
  const session = useSession();
  const { values } = useSigningState();
  if (!next) return t('next.sign');
  if (pointed === next.field_id && isMarkField(next)) return t(callFor(next.type));
  const about = { name: nameOf(next, language), page: next.page };
  const begun = progressOf(session, values).done > 0 || pointed !== null;
  return t(begun ? 'next.go' : 'next.begin', about);
}

const callFor = (type: MarkType) => (type === 'signature' ? 'field.sign' : 'field.initial');

/** The one button that always says what comes next. */
export function NextAction({ pointed, onNext }: NextActionProps) {
  const session = useSession();
  const { values } = useSigningState();
  const next = missingFields(session, values)[0];
  const words = useNextWords(next, pointed);
  return (
    <Button look="primary" wide className="next-action" data-next={next?.field_id ?? 'sign'} onClick={onNext}>
      {words}
    </Button>
  );
}

export function ProgressLine({ brief = false }: { readonly brief?: boolean }) {
  const { t, plural } = useLanguage();
  const session = useSession();
  const { values } = useSigningState();
  const { done, total, left } = progressOf(session, values);
  const open = brief ? plural('fields.leftShort', left) : t('fields.left', { left, total });
  return (
    <div className="progress-line">
      <progress value={total === 0 ? 1 : done} max={Math.max(1, total)} aria-label={t('fields.progress', { done, total })} />
      <span className={left === 0 ? 'all-done' : ''}>
        {left === 0 && <Icon name="check" size={16} />}
        {left === 0 ? t('fields.allDone') : open}
      </span>
    </div>
  );
}
