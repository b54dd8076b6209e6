import { describe, expect, test } from 'vitest';
import type { Seal, Verification } from '../api/verify';
import { checksOf, summaryOf } from './checks';

const signature = { field: 's', signer: 'Ana', reason: null, signed_at: null, level: 'B-T', intact: true, trusted: true };

function verification(seal: Partial<Seal> | null, more: Partial<Verification> = {}): Verification {
  const whole: Seal = { finding: 'genuine', every_byte_accounted: true, signatures: [signature], problems: [] };
  return {
    verdict: 'genuine',
    copy_status: 'authoritative',
    checked_at: '2026-04-11T10:00:00.000Z',
    seal: seal && { ...whole, ...seal },
    evidence: { sha256: 'aa', registered: true },
    ...more,
  };
}

const lines = (given: Verification, sha256: string | null = 'aa') =>
  Object.fromEntries(checksOf(given, sha256).map(({ name, outcome }) => [name, outcome]));

describe('the summary', () => {
  test('is the verdict, refined by what the file itself shows', () => {
    expect(summaryOf(verification({}))).toBe('genuine');
    expect(summaryOf(verification({ signatures: [] }))).toBe('genuine_copy');
    expect(summaryOf(verification({ finding: 'content_added' }, { verdict: 'altered' }))).toBe('content_added');
    expect(summaryOf(verification({ finding: 'no_signature' }, { verdict: 'unknown' }))).toBe('no_signature');
    expect(summaryOf(verification(null, { verdict: 'unknown' }))).toBe('could_not_check');
  });

  test('never says genuine when the verdict does not', () => {
    expect(summaryOf(verification({}, { verdict: 'unknown' }))).toBe('could_not_check');
    expect(summaryOf(verification({}, { verdict: 'altered' }))).toBe('altered');
  });
});

describe('what was checked', () => {
  test('passes line by line', () => {
    expect(lines(verification({}))).toEqual({
      transfer: 'pass',
      signatures: 'pass',
      signers: 'pass',
      bytes: 'pass',
      registered: 'pass',
    });
  });

  test('says when the server looked at other bytes than are here', () => {
    expect(lines(verification({}), 'bb')['transfer']).toBe('fail');
    expect(lines(verification({}), null)).not.toHaveProperty('transfer');
  });

  test('parts a broken signature from an unknown signer', () => {
    expect(lines(verification({ signatures: [{ ...signature, intact: false }] }))['signatures']).toBe('fail');
    expect(lines(verification({ signatures: [{ ...signature, trusted: false }] }))['signers']).toBe('note');
    expect(lines(verification({ every_byte_accounted: false }))['bytes']).toBe('fail');
  });
});
