import type { Http } from '../api/http';
import { Problem, Unreachable } from '../api/problem';
import { verifyFile, type Verification } from '../api/verify';
import { sha256Of } from './hash';

export type Fault =
  | { readonly kind: 'tooLarge' | 'empty' | 'unreadable' }
  | { readonly kind: 'offline' | 'busy' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'server'; readonly reference: string | null };

/** What is known of one file, as it becomes known. */
export interface Check {
  readonly file: File;
  /** Undefined while it is being computed; null where the browser cannot. */
  readonly sha256: string | null | undefined;
  readonly verification: Verification | null;
  readonly fault: Fault | null;
}

/** What the server reads at most. */
export const FILE_MB_MAX = 25;

function faultOf(error: unknown): Fault {
  if (error instanceof Unreachable) return { kind: 'offline' };
  if (!(error instanceof Problem)) return { kind: 'server', reference: null };
  if (error.status === 429) return { kind: 'busy' };
  if (error.status === 413) return { kind: 'tooLarge' };
  if (error.status >= 500) return { kind: 'server', reference: error.reference };
  return { kind: 'refused', detail: error.detail };
}

/** Hashes the file here first, then has the server check it; tells each step as it is done. */
export async function check(file: File, http: Http, tell: (check: Check) => void): Promise<void> {
  let state: Check = { file, sha256: undefined, verification: null, fault: null };
  const next = (change: Partial<Check>) => {
    state = { ...state, ...change };
    tell(state);
  };
  next({});
  if (file.size === 0) {
    next({ sha256: null, fault: { kind: 'empty' } });
    return;
  }
  try {
    next({ sha256: await sha256Of(file) });
  } catch {
    next({ sha256: null, fault: { kind: 'unreadable' } });
    return;
  }
  if (file.size > FILE_MB_MAX * 1024 * 1024) {
    next({ fault: { kind: 'tooLarge' } });
    return;
  }
  try {
    next({ verification: await verifyFile(http, file) });
  } catch (error) {
    next({ fault: faultOf(error) });
  }
}
