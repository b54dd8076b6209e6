import type { Http } from './http';

export type Verdict = 'genuine' | 'altered' | 'unknown';
export type CopyStatus = 'authoritative' | 'copy' | 'superseded' | 'released' | 'unknown';
/** The PDF's own finding, finer than the verdict. */
export type Finding =
  | 'genuine'
  | 'content_added'
  | 'unknown_signer'
  | 'altered'
  | 'no_signature'
  | 'could_not_check';

export interface SealSignature {
  readonly field: string;
  readonly signer: string | null;
  readonly reason: string | null;
  readonly signed_at: string | null;
  readonly level: string | null;
  readonly intact: boolean;
  readonly trusted: boolean;
}

export interface Seal {
  readonly finding: Finding;
  readonly every_byte_accounted: boolean;
  readonly signatures: readonly SealSignature[];
  readonly problems: readonly string[];
}

export interface Verification {
  readonly verdict: Verdict;
  readonly copy_status: CopyStatus;
  readonly checked_at: string;
  /** What the PDF proves; null for a file that cannot be read. */
  readonly seal: Seal | null;
  /** Whether these exact bytes are registered with the server that was asked. */
  readonly evidence: { readonly sha256: string; readonly registered: boolean };
}

const VERDICTS: readonly string[] = ['genuine', 'altered', 'unknown'] satisfies Verdict[];
const COPIES: readonly string[] = ['authoritative', 'copy', 'superseded', 'released'] satisfies CopyStatus[];
const FINDINGS: readonly string[] = [
  'genuine',
  'content_added',
  'unknown_signer',
  'altered',
  'no_signature',
] satisfies Finding[];
const UPLOAD_TIMEOUT_MS = 120_000;

/** Anything this page does not know by name counts as not known: a verdict is never guessed upwards. */
export function readVerification(body: unknown): Verification {
  const answer = body as Verification;
  const { seal } = answer;
  return {
    ...answer,
    verdict: VERDICTS.includes(answer.verdict) ? answer.verdict : 'unknown',
    copy_status: COPIES.includes(answer.copy_status) ? answer.copy_status : 'unknown',
    seal: seal && { ...seal, finding: FINDINGS.includes(seal.finding) ? seal.finding : 'could_not_check' },
  };
}

export async function verifyFile(http: Http, file: File): Promise<Verification> {
  const form = new FormData();
  form.set('file', file, file.name);
  const call = { method: 'POST', form, timeoutMs: UPLOAD_TIMEOUT_MS } as const;
  return readVerification(await http.json('/api/verify', call));
}
