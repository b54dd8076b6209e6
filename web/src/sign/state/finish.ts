import type { Session, SigningApi } from '../../api/signing';
import { isPassing, Problem } from '../../api/problem';

export type FinishOutcome =
  /** The server says it is signed. */
  | { readonly kind: 'signed'; readonly session: Session }
  /** The server says why not, and what is true now. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** No answer could be had: it may or may not be signed. */
  | { readonly kind: 'unknown' };

export interface FinishPorts {
  readonly api: Pick<SigningApi, 'complete' | 'session'>;
  wait(ms: number): Promise<void>;
  /** The first answer is missing; the truth is being asked for. */
  checking(): void;
}

const TRIES_MAX = 4;
const WAIT_MS = [500, 1_500, 4_000];

async function trueSession(ports: FinishPorts): Promise<Session | null> {
  try {
    return await ports.api.session();
  } catch (error) {
    if (isPassing(error)) return null;
    throw error;
  }
}

/**
 * Signs, and never calls it failed before having asked. Completing is idempotent for one digest, so after a lost
 * answer the session is read again: signed is signed, and only a signer still unsigned tries once more.
 */
export async function finishTruthfully(ports: FinishPorts, sha256: string): Promise<FinishOutcome> {
  let fault: Problem | null = null;
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    try {
      await ports.api.complete(sha256);
    } catch (error) {
      if (error instanceof Problem && !isPassing(error)) return { kind: 'refused', problem: error };
      if (!isPassing(error)) throw error;
      fault = error instanceof Problem ? error : null;
      ports.checking();
    }
    const session = await trueSession(ports);
    if (session?.signer.status === 'signed') return { kind: 'signed', session };
    // Reached, and it says plainly that nothing was signed: that answer may be shown.
    if (session && fault) return { kind: 'refused', problem: fault };
    await ports.wait(WAIT_MS[attempt] ?? 0);
  }
  return { kind: 'unknown' };
}
