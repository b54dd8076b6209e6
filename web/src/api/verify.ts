import type { Http } from './http';

export type Verdict = 'genuine' | 'altered' | 'unknown';
export type CopyStatus = 'authoritative' | 'copy' | 'superseded' | 'released' | 'unknown';

export interface Verification {
  readonly verdict: Verdict;
  readonly copy_status: CopyStatus;
  readonly checked_at: string | null;
  readonly seal: Readonly<Record<string, unknown>>;
  readonly evidence: Readonly<Record<string, unknown>>;
}

const VERDICTS: readonly string[] = ['genuine', 'altered', 'unknown'];
const COPY_STATUSES: readonly string[] = ['authoritative', 'copy', 'superseded', 'released', 'unknown'];
const UPLOAD_TIMEOUT_MS = 120_000;

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Anything this page does not know by name is `unknown`: a verdict is never guessed upwards. */
export function readVerification(body: unknown): Verification {
  const answer = record(body);
  const known = <T extends string>(value: unknown, of: readonly string[]): T =>
    (typeof value === 'string' && of.includes(value) ? value : 'unknown') as T;
  return {
    verdict: known<Verdict>(answer['verdict'], VERDICTS),
    copy_status: known<CopyStatus>(answer['copy_status'], COPY_STATUSES),
    checked_at: typeof answer['checked_at'] === 'string' ? answer['checked_at'] : null,
    seal: record(answer['seal']),
    evidence: record(answer['evidence']),
  };
}

export async function verifyFile(http: Http, file: File): Promise<Verification> {
  const form = new FormData();
  form.set('file', file, file.name);
  return readVerification(
    await http.json('/api/verify', { method: 'POST', form, timeoutMs: UPLOAD_TIMEOUT_MS }),
  );
}
