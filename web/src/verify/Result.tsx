import { useEffect, useRef } from 'react';
import type { SealSignature, Verification } from '../api/verify';
import { Hash } from '../ui/Hash';
import { Icon, type IconName } from '../ui/Icon';
import { Notice, type Tone } from '../ui/Notice';
import { FILE_MB_MAX, type Check, type Fault } from './check';
import { checksOf, summaryOf, type Outcome } from './checks';
import { useLanguage } from './language';

const VERDICT_LOOK: Readonly<Record<Verification['verdict'], { tone: Tone; icon: IconName }>> = {
  genuine: { tone: 'ok', icon: 'check' },
  altered: { tone: 'bad', icon: 'close' },
  unknown: { tone: 'warn', icon: 'help' },
};

function Verdict({ verification }: { readonly verification: Verification }) {
  const { t, dateTime } = useLanguage();
  const { tone, icon } = VERDICT_LOOK[verification.verdict];
  const summary = summaryOf(verification);
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
          {t(`verdict.${summary}.title`)}
        </h2>
        <p>{t(`verdict.${summary}.body`)}</p>
        <p className="meta">{t('checkedAt', { date: dateTime(verification.checked_at) })}</p>
      </div>
    </div>
  );
}

function CopyStatus({ verification }: { readonly verification: Verification }) {
  const { t } = useLanguage();
  const { copy_status: status } = verification;
  if (status === 'unknown') return null;
  return (
    <Notice tone={status === 'authoritative' ? 'seal' : 'info'}>
      <strong>{t(`copy.${status}.title`)}</strong>
      <p>{t(`copy.${status}.body`)}</p>
    </Notice>
  );
}

const OUTCOME_ICONS: Readonly<Record<Outcome, IconName>> = { pass: 'check', note: 'help', fail: 'close' };

function OutcomeChip({ outcome }: { readonly outcome: Outcome }) {
  const { t } = useLanguage();
  return (
    <span className={`outcome ${outcome}`}>
      <Icon name={OUTCOME_ICONS[outcome]} size={16} />
      {t(`checked.${outcome}`)}
    </span>
  );
}

function Checked({ verification, sha256 }: { readonly verification: Verification; readonly sha256: string | null }) {
  const { t } = useLanguage();
  return (
    <section className="lines">
      <h3>{t('checked.title')}</h3>
      <ul>
        {checksOf(verification, sha256).map(({ name, outcome }) => (
          <li key={name}>
            <span>{t(`check.${name}.${outcome === 'pass' ? 'pass' : 'other'}`)}</span>
            <OutcomeChip outcome={outcome} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomeOf({ intact, trusted }: SealSignature): Outcome {
  if (!intact) return 'fail';
  return trusted ? 'pass' : 'note';
}

function Signature({ signature }: { readonly signature: SealSignature }) {
  const { t, dateTime } = useLanguage();
  const { field, signer, reason, signed_at: at, level } = signature;
  const about = [at && t('signers.signedAt', { date: dateTime(at) }), reason, level].filter(Boolean);
  return (
    <li>
      <span>
        <strong>{signer ?? field}</strong>
        <span className="meta">{about.join(' · ')}</span>
      </span>
      <OutcomeChip outcome={outcomeOf(signature)} />
    </li>
  );
}

function Signatures({ signatures }: { readonly signatures: readonly SealSignature[] }) {
  const { t } = useLanguage();
  if (signatures.length === 0) return null;
  return (
    <section className="lines">
      <h3>{t('signers.title')}</h3>
      <ul>
        {signatures.map((signature, index) => (
          <Signature key={index} signature={signature} />
        ))}
      </ul>
    </section>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }) {
  const { t } = useLanguage();
  if (problems.length === 0) return null;
  return (
    <details className="problems">
      <summary>{t('problems.title')}</summary>
      <ul lang="en">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
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
          <Checked verification={verification} sha256={sha256 ?? null} />
          <Signatures signatures={verification.seal?.signatures ?? []} />
          <Problems problems={verification.seal?.problems ?? []} />
        </>
      )}
      <Fingerprint sha256={sha256} />
    </article>
  );
}
