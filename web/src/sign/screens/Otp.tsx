import { useEffect, useId, useRef, useState } from 'react';
import type { OtpChannel, OtpSent } from '../../api/signing';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { useHeadingFocus } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { useLanguage } from '../language';
import { useSession, useSigning } from '../SigningContext';
import { FormFault, useAttempt, type Attempt } from './FormFault';
import { Frame } from './Frame';
import { StepPosition } from './StepPosition';

const DIGITS = 6;

function useSecondsUntil(iso: string | null): number {
  const until = iso === null ? 0 : Date.parse(iso);
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (until <= Date.now()) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [until]);
  return left;
}

function faultOf(fault: unknown, slug: string): Problem | null {
  return fault instanceof Problem && fault.slug === slug ? fault : null;
}

function Locked({ fault }: { readonly fault: Problem | null }) {
  const { t, time } = useLanguage();
  const { sender } = useSession().envelope;
  const [lockedAt] = useState(() => Date.now());
  const seconds = fault?.number('retry_after') ?? null;
  return (
    <Notice tone="bad" live>
      <p>{t('otp.locked')}</p>
      {seconds !== null && <p>{t('otp.lockedUntil', { time: time(lockedAt + seconds * 1000) })}</p>}
      <p>{sender ? t('otp.lockedHelp', { sender }) : t('otp.lockedHelpAnonymous')}</p>
    </Notice>
  );
}

function WrongCode({ fault, incomplete }: { readonly fault: unknown; readonly incomplete: boolean }) {
  const { t, plural } = useLanguage();
  const wrong = faultOf(fault, 'code-wrong');
  const left = wrong?.number('attempts_left') ?? null;
  if (incomplete) return <>{t('otp.incomplete')}</>;
  if (faultOf(fault, 'code-expired')) return <>{t('otp.expired')}</>;
  if (!wrong) return null;
  return <>{left === null ? t('otp.wrongPlain') : plural('otp.wrong', left)}</>;
}

interface CodeFormProps {
  readonly attempt: Attempt;
  readonly onCode: (code: string) => void;
}

function CodeForm({ attempt, onCode }: CodeFormProps) {
  const { t } = useLanguage();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [incomplete, setIncomplete] = useState(false);
  const refused = faultOf(attempt.fault, 'code-wrong') ?? faultOf(attempt.fault, 'code-expired');

  useEffect(() => {
    input.current?.focus();
    if (attempt.fault !== null) input.current?.select();
  }, [attempt.fault]);

  const take = (typed: string) => {
    const digits = typed.replace(/\D/g, '').slice(0, DIGITS);
    // Six digits at once were pasted or filled in by the phone; typed ones wait for the button.
    const changed = Array.from(digits).filter((digit, index) => digit !== code[index]).length;
    const atOnce = digits.length === DIGITS && changed > 1;
    setCode(digits);
    setIncomplete(false);
    if (atOnce) onCode(digits);
  };

  return (
    <form
      className="code-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIncomplete(code.length < DIGITS);
        if (code.length === DIGITS) onCode(code);
        else input.current?.focus();
      }}
    >
      <label htmlFor={id}>{t('otp.input')}</label>
      <input
        ref={input}
        id={id}
        className="code-input"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        aria-invalid={incomplete || refused !== null}
        aria-describedby={`${id}-error`}
        onChange={(event) => {
          take(event.currentTarget.value);
        }}
      />
      <p className="field-error" id={`${id}-error`} role="alert">
        <WrongCode fault={attempt.fault} incomplete={incomplete} />
      </p>
      <Button type="submit" look="primary" wide busy={attempt.busy} disabled={attempt.busy}>
        {t('otp.verify')}
      </Button>
    </form>
  );
}

function Resend({ sent, busy, onResend }: { sent: OtpSent; busy: boolean; onResend: () => void }) {
  const { t } = useLanguage();
  const seconds = useSecondsUntil(sent.cooldown_until);
  return (
    <button type="button" className="text-button resend" disabled={seconds > 0 || busy} onClick={onResend}>
      {seconds > 0 ? t('otp.resendIn', { seconds }) : t('otp.resend')}
    </button>
  );
}

/** A one-time code. One plain input that takes paste and autofill; nothing to solve, nothing to remember. */
export function Otp({ channel }: { readonly channel: OtpChannel }) {
  const { t, time } = useLanguage();
  const signing = useSigning();
  const session = useSession();
  const heading = useHeadingFocus();
  const [sent, setSent] = useState<OtpSent | null>(null);
  const sending = useAttempt();
  const checking = useAttempt();

  const lock = faultOf(checking.fault, 'too-many-attempts');
  const locked = lock !== null || session.steps.some((step) => step.status === 'locked');
  const send = () => {
    checking.clear();
    void sending.run(async () => {
      const answer = await signing.sendCode(channel);
      if (answer) setSent(answer);
    });
  };
  const early = faultOf(sending.fault, 'too-many-attempts');
  const known = ['code-wrong', 'code-expired', 'too-many-attempts'];
  const unknownFault =
    checking.fault instanceof Problem && known.includes(checking.fault.slug) ? null : checking.fault;

  return (
    <Frame footer={t('otp.why')}>
      <article className="card otp">
        <StepPosition />
        <span className="medallion">
          <Icon name={locked ? 'lock' : 'shield'} size={26} />
        </span>
        <h1 ref={heading} tabIndex={-1}>
          {t('otp.title')}
        </h1>
        <p className="lead" aria-live="polite">
          {sent
            ? t('otp.sentTo', { target: sent.to_masked, time: time(Date.parse(sent.expires_at)) })
            : t(`otp.lead.${channel}`)}
        </p>
        {locked && <Locked fault={lock} />}
        {!locked && early && (
          <Notice tone="info" live>
            {t('otp.tooEarly', { seconds: early.number('retry_after') ?? 30 })}
          </Notice>
        )}
        {!locked && !sent && (
          <Button look="primary" wide busy={sending.busy} disabled={sending.busy} onClick={send}>
            {t('otp.send')}
          </Button>
        )}
        {!locked && (sent ?? early) && (
          <CodeForm
            key={sent?.expires_at ?? 'before'}
            attempt={checking}
            onCode={(code) => void checking.run(() => signing.verifyCode(channel, code))}
          />
        )}
        {!locked && sent && <Resend sent={sent} busy={sending.busy} onResend={send} />}
        {!locked && <FormFault fault={unknownFault ?? (early ? null : sending.fault)} />}
      </article>
    </Frame>
  );
}
