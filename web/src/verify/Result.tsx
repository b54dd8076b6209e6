import { useEffect, useRef } from 'react';
import type { Verification } from '../api/verify';
import { Hash } from '../ui/Hash';
import { Icon, type IconName } from '../ui/Icon';
import { Notice, type Tone } from '../ui/Notice';
import { FILE_MB_MAX, type Check, type Fault } from './check';
import { factsIn, signaturesIn, type SignatureFact } from './facts';
import { useLanguage } from './language';

const VERDICT_LOOK: Readonly<Record<Verification['verdict'], { tone: Tone; icon: IconName }>> = {
  genuine: { tone: 'ok', icon: 'check' },
  altered: { tone: 'bad', icon: 'close' },
  unknown: { tone: 'warn', icon: 'help' },
};

function Verdict({ verification }: { readonly verification: Verification }) {
  const { t, dateTime } = useLanguage();
  const { verdict, checked_at: checkedAt } = verification;
  const { tone, icon } = VERDICT_LOOK[verdict];
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className={`verdict ${tone}`}>
      <span className="verdict-mark">
        <Icon name={icon} size={30} />
      </span>
      <div>
        <h2 ref={heading} tabIndex={-1}>
          {t(`verdict.${verdict}.title`)}
        </h2>
        <p>{t(`verdict.${verdict}.body`)}</p>
        {checkedAt && <p className="meta">{t('checkedAt', { date: dateTime(checkedAt) })}</p>}
      </div>
    </div>
  );
}

function CopyStatus({ verification }: { readonly verification: Verification }) {
  const { t } = useLanguage();
  const { copy_status: status, verdict } = verification;
  if (verdict !== 'genuine') return null;
  const tone: Tone = status === 'authoritative' ? 'seal' : 'info';
  return (
    <Notice tone={tone}>
      <strong>{t(`copy.${status}.title`)}</strong>
      <p>{t(`copy.${status}.body`)}</p>
    </Notice>
  );
}

function Signature({ signature }: { readonly signature: SignatureFact }) {
  const { t, dateTime } = useLanguage();
  const { who, field, at, holds } = signature;
  const outcome = holds === null ? 'unknown' : holds ? 'pass' : 'fail';
  return (
    <li>
      <span className={`outcome ${outcome}`}>
        <Icon name={outcome === 'pass' ? 'check' : outcome === 'fail' ? 'close' : 'help'} size={16} />
        {t(`checked.${outcome}`)}
      </span>
      <span className="signature-who">{who}</span>
      <span className="meta">
        {[at && t('signers.signedAt', { date: dateTime(at) }), field !== who && field].filter(Boolean).join(' · ')}
      </span>
    </li>
  );
}

function Details({ verification }: { readonly verification: Verification }) {
  const { t } = useLanguage();
  const parts = [
    { title: t('details.seal'), facts: factsIn(verification.seal) },
    { title: t('details.evidence'), facts: factsIn(verification.evidence) },
  ].filter(({ facts }) => facts.length > 0);
  if (parts.length === 0) return null;
  return (
    <details className="details">
      <summary>{t('details.title')}</summary>
      {parts.map(({ title, facts }) => (
        <section key={title}>
          <h4>{title}</h4>
          <dl>
            {facts.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </details>
  );
}

function useFaultWords(fault: Fault): string {
  const { t } = useLanguage();
  switch (fault.kind) {
    case 'tooLarge':
      return t('file.tooLarge', { limit: FILE_MB_MAX });
    case 'empty':
      return t('file.empty');
    case 'unreadable':
      return t('file.unreadable');
    case 'refused':
      return t('error.refused', { detail: fault.detail });
    default:
      return t(`error.${fault.kind}`);
  }
}

function FaultNotice({ fault }: { readonly fault: Fault }) {
  const { t } = useLanguage();
  const words = useFaultWords(fault);
  return (
    <Notice tone="warn" live>
      <p>{words}</p>
      {fault.kind === 'server' && fault.reference && (
        <p className="reference">{t('reference', { reference: fault.reference })}</p>
      )}
    </Notice>
  );
}

function Fingerprint({ sha256 }: Pick<Check, 'sha256'>) {
  const { t } = useLanguage();
  if (sha256 === undefined) return <p className="meta">{t('hash.working')}</p>;
  if (sha256 === null) return <p className="meta">{t('hash.unavailable')}</p>;
  return (
    <div className="fingerprint-line">
      <p className="meta">{t('hash.label')}</p>
      <Hash value={sha256} copyLabel={t('action.copy')} copiedLabel={t('action.copied')} />
    </div>
  );
}

/** The verdict first, in one sentence; then what it rests on. */
export function Result({ check }: { readonly check: Check }) {
  const { t, number } = useLanguage();
  const { file, sha256, verification, fault } = check;
  const signatures = verification ? signaturesIn(verification) : [];
  const working = verification === null && fault === null;
  return (
    <article className="card result">
      <header className="file-line">
        <Icon name="document" />
        <span className="file-name">{file.name}</span>
        <span className="meta">{t('size', { size: number(Math.max(1, Math.round(file.size / 1024))) })}</span>
      </header>
      {working && (
        <p className="checking" role="status">
          <span className="spinner" aria-hidden="true" />
          {sha256 === undefined ? t('hash.working') : t('checking')}
        </p>
      )}
      {fault && <FaultNotice fault={fault} />}
      {verification && (
        <>
          <Verdict verification={verification} />
          <CopyStatus verification={verification} />
          {signatures.length > 0 && (
            <section className="signatures">
              <h3>{t('signers.title')}</h3>
              <ul>
                {signatures.map((signature, index) => (
                  <Signature key={index} signature={signature} />
                ))}
              </ul>
            </section>
          )}
        </>
      )}
      <Fingerprint sha256={sha256} />
      {verification && <Details verification={verification} />}
    </article>
  );
}
