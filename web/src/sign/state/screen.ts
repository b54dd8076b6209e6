import type { OtpChannel, Session, StepType } from '../../api/signing';
import { Problem, Unreachable } from '../../api/problem';

/** Why a person cannot go on, and with it what the page tells them. */
export type StopReason =
  | 'linkIncomplete'
  | 'tokenInvalid'
  | 'tokenExpired'
  | 'voided'
  | 'expired'
  | 'declined'
  | 'declinedByOther'
  | 'closed'
  | 'notYourTurn'
  | 'locked'
  | 'unsupported'
  | 'server'
  | 'offline';

export interface Stop {
  readonly reason: StopReason;
  readonly reference: string | null;
  readonly sender: string | null;
  readonly date: string | null;
  readonly email: string | null;
}

export type Screen =
  | { readonly at: 'opening' }
  | { readonly at: 'stop'; readonly stop: Stop }
  | { readonly at: 'arrive' }
  | { readonly at: 'consent' }
  | { readonly at: 'otp'; readonly channel: OtpChannel }
  | { readonly at: 'review' }
  | { readonly at: 'later' }
  | { readonly at: 'done' };

export function stop(reason: StopReason, about: Partial<Stop> = {}): Stop {
  return { reason, reference: null, sender: null, date: null, email: null, ...about };
}

const CLOSED_BY: Readonly<Record<string, StopReason>> = {
  voided: 'voided',
  expired: 'expired',
  declined: 'declinedByOther',
};

const STOP_OF_SLUG: Readonly<Record<string, StopReason>> = {
  'token-invalid': 'tokenInvalid',
  'token-expired': 'tokenExpired',
  'not-your-turn': 'notYourTurn',
  'too-many-attempts': 'locked',
};

function closedReason(problem: Problem): StopReason {
  // The door says in `detail` how the envelope ended.
  return CLOSED_BY[problem.detail.toLowerCase()] ?? 'closed';
}

/** The stop page for a request that ended the session's way on. */
export function stopFor(error: unknown): Stop {
  if (error instanceof Unreachable) return stop('offline');
  if (!(error instanceof Problem)) return stop('server');
  const { reference } = error;
  const sender = error.text('sender');
  if (error.slug === 'envelope-closed') return stop(closedReason(error), { reference, sender });
  return stop(STOP_OF_SLUG[error.slug] ?? 'server', { reference, sender });
}

function stopInSession(session: Session): Stop | null {
  const { envelope, signer } = session;
  const about = { sender: envelope.sender, date: envelope.expires_at, email: signer.email };
  if (signer.status === 'declined') return stop('declined', about);
  const closed = CLOSED_BY[envelope.status.toLowerCase()];
  if (closed) return stop(closed, about);
  if (signer.status === 'waiting') return stop('notYourTurn', about);
  return null;
}

const OTP_CHANNELS: Partial<Record<StepType, OtpChannel>> = {
  otp_email: 'email',
  otp_sms: 'sms',
  otp_whatsapp: 'whatsapp',
};

function screenOfStep(session: Session): Screen {
  const step = session.current_step;
  const channel = step && OTP_CHANNELS[step];
  if (channel) return { at: 'otp', channel };
  if (step === 'consent') return { at: 'consent' };
  if (step === 'biometric') return { at: 'stop', stop: stop('unsupported', { sender: session.envelope.sender }) };
  return { at: 'review' };
}

export interface Situation {
  readonly session: Session | null;
  readonly stop: Stop | null;
  /** The person has pressed Begin on this page. */
  readonly begun: boolean;
  readonly left: boolean;
}

/** Nobody is greeted twice: somebody who has passed a step before lands where they left off. */
function isNew(session: Session): boolean {
  return session.steps.every((step) => step.status !== 'passed');
}

/** What to show. The server's answer decides; the page adds only whether the person has begun or is leaving. */
export function screenOf({ session, stop: stopped, begun, left }: Situation): Screen {
  if (stopped) return { at: 'stop', stop: stopped };
  if (!session) return { at: 'opening' };
  const ended = stopInSession(session);
  if (ended) return { at: 'stop', stop: ended };
  if (session.signer.status === 'signed') return { at: 'done' };
  if (left) return { at: 'later' };
  if (!begun && isNew(session)) return { at: 'arrive' };
  return screenOfStep(session);
}
