import type { Verification } from '../api/verify';

/** One line of a details list: a path of names and a plain value. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface SignatureFact {
  readonly who: string;
  readonly field: string | null;
  readonly at: string | null;
  readonly holds: boolean | null;
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `signed_at` → `Signed at` */
export function spaced(name: string): string {
  const words = name.replace(/_/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const FACTS_MAX = 60;

/** Every plain value in the answer, by the names that lead to it; lists of records are left to their own view. */
export function factsIn(part: Json, path: readonly string[] = []): Fact[] {
  const facts: Fact[] = [];
  for (const [name, value] of Object.entries(part)) {
    const here = [...path, name];
    if (isRecord(value)) facts.push(...factsIn(value, here));
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      facts.push({ name: here.map(spaced).join(' · '), value: String(value) });
    } else if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) {
      facts.push({ name: here.map(spaced).join(' · '), value: value.join(', ') });
    }
  }
  return facts.slice(0, FACTS_MAX);
}

function textAt(record: Json, ...names: string[]): string | null {
  for (const name of names) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

function signerOf(signature: Json): string | null {
  const signer = signature['signer'];
  if (isRecord(signer)) return textAt(signer, 'common_name', 'name');
  return textAt(signature, 'signer', 'name', 'signer_name');
}

function holdsOf(signature: Json): boolean | null {
  for (const name of ['valid', 'intact']) {
    const value = signature[name];
    if (typeof value === 'boolean') return value;
  }
  const [digest, sound] = [signature['digest_ok'], signature['signature_ok']];
  return typeof digest === 'boolean' && typeof sound === 'boolean' ? digest && sound : null;
}

/** The signatures the verifier found, whoever made them. */
export function signaturesIn({ seal }: Verification): SignatureFact[] {
  const list = seal['signatures'];
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map((signature) => ({
    who: signerOf(signature) ?? textAt(signature, 'field') ?? '–',
    field: textAt(signature, 'field'),
    at: textAt(signature, 'proven_time', 'signed_at', 'claimed_time', 'time'),
    holds: holdsOf(signature),
  }));
}
