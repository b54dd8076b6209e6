import { Icon } from '../../ui/Icon';
import { useLanguage } from '../language';
import { useSigningState } from '../SigningContext';

/** Whether what was entered has reached the server. Said aloud only when something is in the way. */
export function SaveChip() {
  const { t, time } = useLanguage();
  const { status, at } = useSigningState().save;
  if (status === null) return <span className="save-chip" />;
  const troubled = status === 'waiting' || status === 'failed';
  return (
    <span className={`save-chip ${status}`} aria-live={troubled ? 'polite' : 'off'}>
      {status === 'saving' ? (
        <span className="spinner" aria-hidden="true" />
      ) : (
        <Icon name={status === 'saved' ? 'check' : status === 'waiting' ? 'wifiOff' : 'alert'} size={16} />
      )}
      <span>{status === 'saved' && at !== null ? t('save.saved', { time: time(at) }) : statusWords(status, t)}</span>
    </span>
  );
}

type T = ReturnType<typeof useLanguage>['t'];

function statusWords(status: 'saving' | 'waiting' | 'saved' | 'failed', t: T): string {
  if (status === 'saving' || status === 'saved') return t('save.saving');
  return t(status === 'waiting' ? 'save.waiting' : 'save.failed');
}
