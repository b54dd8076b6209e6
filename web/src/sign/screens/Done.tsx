import { Button } from '../../ui/Button';
import { useHeadingFocus, usePolling } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { fileNameFor, saveFile } from '../../ui/saveFile';
import { useLanguage } from '../language';
import { useRoom, useSession } from '../SigningContext';
import { useAttempt } from './FormFault';
import { Frame } from './Frame';

/** Until the last signer has signed there is no sealed document to hand out. */
const OPEN: readonly string[] = ['created', 'sent', 'viewed'];
const LOOK_AGAIN_MS = 15_000;

function DrawnCheck() {
  return (
    <svg className="drawn-check" viewBox="0 0 72 72" width="72" height="72" aria-hidden="true" focusable="false">
      <circle cx="36" cy="36" r="33" />
      <path d="M22 37.5 32 47l18.5-21" />
    </svg>
  );
}

function Copy() {
  const { t } = useLanguage();
  const { api } = useRoom();
  const { envelope } = useSession();
  const fetching = useAttempt();
  const download = () =>
    void fetching.run(async () => {
      saveFile(await api.copy(), fileNameFor(envelope.name, 'pdf'));
    });
  return (
    <>
      <div className="actions stacked">
        <Button look="primary" icon="download" wide busy={fetching.busy} disabled={fetching.busy} onClick={download}>
          {fetching.busy ? t('done.copyWorking') : t('done.copy')}
        </Button>
        <a className="button secondary wide" href="/verify" target="_blank" rel="noreferrer">
          <Icon name="shield" />
          <span>{t('done.verify')}</span>
        </a>
      </div>
      {fetching.fault !== null && (
        <Notice tone="warn" live>
          {t('done.copyFailed')}
        </Notice>
      )}
      <p className="meta">{t('done.verifyHint')}</p>
    </>
  );
}

export function Done() {
  const { t, dateTime } = useLanguage();
  const { signing } = useRoom();
  const { envelope, signer } = useSession();
  const heading = useHeadingFocus();
  const complete = !OPEN.includes(envelope.status.toLowerCase());
  usePolling(() => void signing.load(), complete ? null : LOOK_AGAIN_MS);

  return (
    <Frame footer={t('done.close')}>
      <article className="card done">
        <DrawnCheck />
        <h1 ref={heading} tabIndex={-1}>
          {t('done.title')}
        </h1>
        <p className="done-name">{envelope.name}</p>
        {signer.signed_at && <p className="meta">{t('done.signedOn', { date: dateTime(signer.signed_at) })}</p>}
        <p className="lead" role="status">
          {complete ? t('done.complete') : t('done.waiting', { email: signer.email })}
        </p>
        {complete && <Copy />}
        <p className="meta">{t('done.keep')}</p>
      </article>
    </Frame>
  );
}
