import { describe, expect, test } from 'vitest';
import { sessionSample } from '../../../fixtures/samples';
import { Problem, Unreachable } from '../../api/problem';
import type { Session } from '../../api/signing';
import { screenOf, stop, stopFor, type Situation } from './screen';

const at = (session: Session | null, more: Partial<Situation> = {}) =>
  screenOf({ session, stop: null, begun: false, left: false, ...more });

describe('the screen', () => {
  test('is derived from what the server says', () => {
    expect(at(null)).toEqual({ at: 'opening' });
    expect(at(sessionSample())).toEqual({ at: 'review' });
    expect(at(sessionSample({ step: 'otp_sms' }))).toEqual({ at: 'otp', channel: 'sms' });
    expect(at(sessionSample({ status: 'signed', step: null }))).toEqual({ at: 'done' });
  });

  test('greets only those who are new', () => {
    const fresh = sessionSample({ step: 'consent', passed: 0 });
    expect(at(fresh)).toEqual({ at: 'arrive' });
    expect(at(fresh, { begun: true })).toEqual({ at: 'consent' });
    expect(at(sessionSample({ step: 'consent', passed: 1 }))).toEqual({ at: 'consent' });
  });

  test('lets somebody leave and come back', () => {
    expect(at(sessionSample(), { left: true })).toEqual({ at: 'later' });
  });

  test.each([
    [sessionSample({ envelope: 'voided' }), 'voided'],
    [sessionSample({ envelope: 'expired' }), 'expired'],
    [sessionSample({ envelope: 'declined' }), 'declinedByOther'],
    [sessionSample({ envelope: 'declined', status: 'declined' }), 'declined'],
    [sessionSample({ status: 'waiting' }), 'notYourTurn'],
    [sessionSample({ step: 'biometric' }), 'unsupported'],
    [sessionSample({ envelope: 'voided', status: 'signed' }), 'voided'],
  ])('stops where there is no way on (%#)', (session, reason) => {
    expect(at(session)).toMatchObject({ at: 'stop', stop: { reason } });
  });

  test('shows a stop above all else', () => {
    expect(at(sessionSample(), { stop: stop('server') })).toMatchObject({ at: 'stop', stop: { reason: 'server' } });
  });
});

describe('a refusal that ends the way', () => {
  const refused = (status: number, slug: string, detail = '') => stopFor(new Problem(status, slug, detail, 'req_1')).reason;

  test('has its own page', () => {
    expect(refused(401, 'token-invalid')).toBe('tokenInvalid');
    expect(refused(401, 'token-expired')).toBe('tokenExpired');
    expect(refused(409, 'not-your-turn')).toBe('notYourTurn');
    expect(refused(429, 'too-many-attempts')).toBe('locked');
    expect(refused(500, 'internal')).toBe('server');
    expect(stopFor(new Unreachable(null)).reason).toBe('offline');
  });

  test('says how a closed envelope ended', () => {
    expect(refused(410, 'envelope-closed', 'voided')).toBe('voided');
    expect(refused(410, 'envelope-closed', 'expired')).toBe('expired');
    expect(refused(410, 'envelope-closed', 'declined')).toBe('declinedByOther');
    expect(refused(410, 'envelope-closed', 'something new')).toBe('closed');
  });

  test('keeps the reference to quote', () => {
    expect(stopFor(new Problem(500, 'internal', '', 'req_1')).reference).toBe('req_1');
  });
});
