import { Button } from '../../ui/Button';
import { useHeadingFocus, usePolling } from '../../ui/hooks';
import { Icon, type IconName } from '../../ui/Icon';
import { useLanguage } from '../language';
import { useSigning, useSigningState } from '../SigningContext';
import type { Stop, StopReason } from '../state/screen';
import { useAttempt } from './FormFault';
import { Frame } from './Frame';

const ICONS: Readonly<Record<StopReason, IconName>> = {
  linkIncomplete: 'mail',
  tokenInvalid: 'mail',
  tokenExpired: 'clock',
  voided: 'document',
  expired: 'clock',
  declined: 'document',
  declinedByOther: 'document',
  closed: 'document',
  notYourTurn: 'clock',
  locked: 'lock',
  unsupported: 'help',
  server: 'alert',
  offline: 'wifiOff',
};

/** How often a stop that may pass by itself is looked at again. */
const AGAIN_MS: Partial<Record<StopReason, number>> = { notYourTurn: 20_000, offline: 5_000, server: 30_000 };

function useBody({ reason, sender, date: day, email }: Stop): string {
  const { t, date } = useLanguage();
  switch (reason) {
    case 'voided':
      return sender ? t('stop.voided.body', { sender }) : t('stop.voided.bodyAnonymous');
    case 'declined':
      return sender ? t('stop.declined.body', { sender }) : t('stop.declined.bodyAnonymous');
    case 'expired':
      return sender && day ? t('stop.expired.body', { sender, date: date(day) }) : t('stop.expired.bodyPlain');
    case 'notYourTurn':
      return email ? t('stop.notYourTurn.body', { email }) : t('stop.notYourTurn.bodyPlain');
    default:
      return t(`stop.${reason}.body`);
  }
}

/** Every dead end in one layout: what happened, what stays true, what to do, what to quote. */
export function StopPage({ stop }: { readonly stop: Stop }) {
  const { t } = useLanguage();
  const signing = useSigning();
  const { session } = useSigningState();
  const heading = useHeadingFocus();
  const attempt = useAttempt();
  const body = useBody(stop);
  const again = AGAIN_MS[stop.reason] ?? null;
  usePolling(() => void signing.load(), again);

  return (
    <Frame>
      <article className={`card centred stop ${stop.reason === 'server' ? 'bad' : ''}`}>
        <span className="medallion">
          <Icon name={ICONS[stop.reason]} size={26} />
        </span>
        <h1 ref={heading} tabIndex={-1}>
          {t(`stop.${stop.reason}.title`)}
        </h1>
        {session && <p className="done-name">{session.envelope.name}</p>}
        <p className="lead">{body}</p>
        {(stop.reason === 'server' || stop.reason === 'offline') && (
          <div className="actions">
            <Button
              look="primary"
              busy={attempt.busy}
              disabled={attempt.busy}
              onClick={() => void attempt.run(() => signing.load())}
            >
              {t('action.retry')}
            </Button>
          </div>
        )}
        {stop.reference && <p className="reference">{t('reference', { reference: stop.reference })}</p>}
      </article>
    </Frame>
  );
}
