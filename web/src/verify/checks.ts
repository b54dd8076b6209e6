import type { Finding, Verification } from '../api/verify';

export type Outcome = 'pass' | 'note' | 'fail';

export interface CheckLine {
  readonly name: 'transfer' | 'signatures' | 'signers' | 'bytes' | 'registered';
  readonly outcome: Outcome;
}

/** The sentence the answer comes down to. */
export type Summary = Finding | 'genuine_copy';

export function summaryOf({ verdict, seal }: Verification): Summary {
  // A marked copy carries no signature of its own: the server knows it by its digest.
  if (verdict === 'genuine') return seal?.signatures.length === 0 ? 'genuine_copy' : 'genuine';
  const finding = seal?.finding ?? 'could_not_check';
  if (finding !== 'genuine') return finding;
  return verdict === 'altered' ? 'altered' : 'could_not_check';
}

const noted = (known: boolean): Outcome => (known ? 'pass' : 'note');
const judged = (holds: boolean): Outcome => (holds ? 'pass' : 'fail');

/** What the verdict rests on, one line for each thing that was looked at. */
export function checksOf({ seal, evidence }: Verification, sha256: string | null): CheckLine[] {
  const lines: CheckLine[] = [];
  if (sha256 !== null) lines.push({ name: 'transfer', outcome: judged(sha256 === evidence.sha256) });
  if (seal && seal.signatures.length > 0) {
    const intact = seal.signatures.every((one) => one.intact);
    lines.push({ name: 'signatures', outcome: judged(intact) });
    // Whose certificate it was says nothing once the signature itself does not hold.
    if (intact) lines.push({ name: 'signers', outcome: noted(seal.signatures.every((one) => one.trusted)) });
    lines.push({ name: 'bytes', outcome: judged(seal.every_byte_accounted) });
  }
  lines.push({ name: 'registered', outcome: noted(evidence.registered) });
  return lines;
}
