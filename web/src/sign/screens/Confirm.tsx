import { useEffect, useState } from 'react';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Hash } from '../../ui/Hash';
import { Notice } from '../../ui/Notice';
import { useLanguage } from '../language';
import { useSession, useSigning, useSigningState } from '../SigningContext';
import { emptyOptional, progressOf } from '../state/fields';

/** The sheet may have appeared under a finger or a decoy: what is pressed sooner than this was not meant. */
const SETTLES_MS = 500;

function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(true);
    }, SETTLES_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return settled;
}

function Summary() {
  const { t, plural } = useLanguage();
  const session = useSession();
  const { values } = useSigningState();
  const { done, total } = progressOf(session, values);
  const empty = emptyOptional(session, values);
  return (
    <dl className="summary">
      <dt>{t('confirm.document')}</dt>
      <dd>{session.envelope.name}</dd>
      <dt>{t('confirm.signer')}</dt>
      <dd>
        {session.signer.name}
        <span className="meta">{session.signer.email}</span>
      </dd>
      <dt>{t('confirm.fields')}</dt>
      <dd>
        {t('fields.progress', { done, total })}
        {empty > 0 && <span className="meta">{plural('confirm.optionalEmpty', empty)}</span>}
      </dd>
    </dl>
  );
}

function Stage() {
  const { t } = useLanguage();
  const { finish, finishReference } = useSigningState();
  if (finish === 'idle') return null;
  if (finish === 'unknown' || finish === 'failed') {
    return (
      <Notice tone={finish === 'failed' ? 'bad' : 'warn'} live>
        <p>{t(`confirm.${finish}`)}</p>
        {finishReference && <p className="reference">{t('reference', { reference: finishReference })}</p>}
      </Notice>
    );
  }
  return (
    <p className="stage" role="status">
      {t(`confirm.${finish}`)}
    </p>
  );
}

/** The check-and-correct step before a legal commitment (WCAG 3.3.4). */
export function Confirm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const signing = useSigning();
  const session = useSession();
  const { finish, notice, screen } = useSigningState();
  const settled = useSettled();
  const working = finish === 'saving' || finish === 'signing' || finish === 'checking';

  // Something needs the document again: the sheet makes way, and the review says what.
  useEffect(() => {
    if (notice !== null || screen.at !== 'review') onClose();
  }, [notice, screen, onClose]);

  return (
    <Dialog
      title={t('confirm.title')}
      closeLabel={t('action.close')}
      look="sheet"
      locked={working}
      onClose={onClose}
    >
      <div className="dialog-body">
        <Summary />
        <p className="intent">
          {t('confirm.intent', { document: session.envelope.name, name: session.signer.name })}
        </p>
        <details className="fingerprint">
          <summary>{t('confirm.fingerprint')}</summary>
          <Hash
            value={session.document.sha256}
            copyLabel={t('action.copy')}
            copiedLabel={t('action.copied')}
          />
        </details>
        <Stage />
        <div className="actions">
          <Button
            look="primary"
            className="sign-button"
            busy={working}
            disabled={working || !settled}
            onClick={(event) => {
              if (event.nativeEvent.isTrusted) void signing.finish();
            }}
          >
            {t('confirm.sign')}
          </Button>
          <Button look="quiet" disabled={working} onClick={onClose}>
            {t('confirm.back')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
