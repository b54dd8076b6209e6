import { useId, useRef, useState } from 'react';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useLanguage } from '../language';
import { useSession, useSigning } from '../SigningContext';
import { FormFault, useAttempt } from './FormFault';

const REASON_MAX = 500;

interface DeclineProps {
  /** Somebody who does not want electronic records is told about paper first. */
  readonly instead?: 'paper';
  readonly onClose: () => void;
}

export function Decline({ instead, onClose }: DeclineProps) {
  const { t } = useLanguage();
  const signing = useSigning();
  const { sender } = useSession().envelope;
  const attempt = useAttempt();
  const [reason, setReason] = useState('');
  const [scolded, setScolded] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const id = useId();

  const consequence = () => {
    if (!instead) return t('decline.body');
    return sender ? t('decline.consentBody', { sender }) : t('decline.consentBodyAnonymous');
  };
  const decline = () => {
    const given = reason.trim();
    setScolded(given === '');
    if (given === '') input.current?.focus();
    else void attempt.run(() => signing.decline(given));
  };

  return (
    <Dialog title={t('decline.title')} closeLabel={t('action.close')} onClose={onClose} locked={attempt.busy}>
      <form
        className="dialog-body"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          decline();
        }}
      >
        <p>{consequence()}</p>
        <div className="labelled">
          <label htmlFor={id}>{t('decline.reason')}</label>
          <textarea
            ref={input}
            id={id}
            rows={3}
            maxLength={REASON_MAX}
            value={reason}
            aria-invalid={scolded}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setReason(event.currentTarget.value);
              setScolded(false);
            }}
          />
          <p id={`${id}-hint`} className={scolded ? 'field-error' : 'hint'}>
            {scolded ? t('decline.reasonNeeded') : t('decline.reasonHint')}
          </p>
        </div>
        <FormFault fault={attempt.fault} />
        <div className="actions">
          <Button type="submit" look="danger" busy={attempt.busy} disabled={attempt.busy}>
            {t('decline.confirm')}
          </Button>
          <Button look="quiet" disabled={attempt.busy} onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
