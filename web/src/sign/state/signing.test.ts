import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fieldSample, sessionSample } from '../../../fixtures/samples';
import { Problem, Unreachable } from '../../api/problem';
import type { Session, SigningApi } from '../../api/signing';
import type { MarkType } from './fields';
import { Signing } from './signing';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NAME = fieldSample({ field_id: 'name' });
const mark = (field_id: string, w: number) => fieldSample({ field_id, type: 'signature', w }) as typeof NAME & { type: MarkType };
const FIRST = mark('sig1', 0.3);
const SECOND = mark('sig2', 0.1);

function room(session: Session, more: Partial<Pick<SigningApi, 'putField' | 'complete'>> = {}) {
  const api = {
    session: vi.fn<SigningApi['session']>(() => Promise.resolve(session)),
    putField: vi.fn<SigningApi['putField']>(more.putField ?? (() => Promise.resolve())),
    complete: vi.fn<SigningApi['complete']>(more.complete ?? (() => Promise.resolve())),
  };
  const signing = new Signing({
    api: api as unknown as SigningApi,
    now: () => 0,
    random: () => 0,
    wait: () => Promise.resolve(),
  });
  return { api, signing };
}

const refusal = (status: number, slug: string, detail = '') => Promise.reject(new Problem(status, slug, detail, null));

describe('what is entered', () => {
  test('is shown at once and saved soon', async () => {
    const { api, signing } = room(sessionSample({ fields: [NAME] }));
    await signing.load();
    signing.enter(NAME, 'Ana');
    expect(signing.snapshot().values).toEqual({ name: 'Ana' });
    expect(signing.hasUnsaved()).toBe(true);
    await vi.runAllTimersAsync();
    expect(api.putField).toHaveBeenCalledWith('name', 'Ana');
    expect(signing.snapshot().save.status).toBe('saved');
  });

  test('survives a fresh session while it is not saved', async () => {
    const { signing } = room(sessionSample({ fields: [NAME] }), { putField: () => Promise.reject(new Unreachable(null)) });
    await signing.load();
    signing.enter(NAME, 'Ana', true);
    await vi.advanceTimersByTimeAsync(1_000);
    await signing.load();
    expect(signing.snapshot().values).toEqual({ name: 'Ana' });
    expect(signing.snapshot().save.status).toBe('waiting');
  });

  test('half a phone number is not sent, and is named when the field is left', async () => {
    const phone = fieldSample({ field_id: 'phone', type: 'phone' });
    const { api, signing } = room(sessionSample({ fields: [phone] }));
    await signing.load();
    signing.enter(phone, '+3');
    await vi.runAllTimersAsync();
    signing.leaveField(phone);
    expect(api.putField).not.toHaveBeenCalled();
    expect(signing.snapshot().problems).toEqual({ phone: { kind: 'badPhone' } });
  });

  test('is marked when the server does not take it', async () => {
    const { signing } = room(sessionSample({ fields: [NAME] }), { putField: () => refusal(422, 'validation', 'too long') });
    await signing.load();
    signing.enter(NAME, 'Ana', true);
    await vi.runAllTimersAsync();
    expect(signing.snapshot().problems).toEqual({ name: { kind: 'refused', detail: 'too long' } });
  });
});

describe('a mark', () => {
  const drawn = { kind: 'drawn', strokes: [[{ x: 0.1, y: 0.2, t: 0, p: 0.5 }, { x: 0.9, y: 0.8, t: 9, p: 0.5 }]] } as const;

  test('goes into one field, or into all of its kind, fitted to each box', async () => {
    const { signing } = room(sessionSample({ fields: [FIRST, SECOND, NAME] }));
    await signing.load();
    signing.place(FIRST, drawn, true);
    const { values } = signing.snapshot();
    expect(Object.keys(values).sort()).toEqual(['sig1', 'sig2']);
    expect(values['sig1']).not.toEqual(values['sig2']);
  });

  test('once made, is placed again with one tap', async () => {
    const { signing } = room(sessionSample({ fields: [FIRST, SECOND] }));
    await signing.load();
    expect(signing.placeAdopted(SECOND)).toBe(false);
    signing.place(FIRST, { kind: 'typed', text: 'Ana', font: 'caveat' }, false);
    expect(signing.snapshot().values).not.toHaveProperty('sig2');
    expect(signing.placeAdopted(SECOND)).toBe(true);
    expect(signing.snapshot().values).toHaveProperty('sig2');
  });
});

describe('signing', () => {
  const ready = sessionSample({ fields: [{ ...NAME, value: 'Ana' }] });
  const signed = sessionSample({ status: 'signed', step: null });

  test('is not offered while something is missing', async () => {
    const { signing } = room(sessionSample({ fields: [NAME] }));
    await signing.load();
    expect(signing.readyToSign()).toBe(false);
    expect(signing.snapshot()).toMatchObject({ notice: 'missing', problems: { name: { kind: 'missing' } } });
  });

  test('waits for what is still being saved', async () => {
    const order: string[] = [];
    const { api, signing } = room(ready, {
      putField: () => {
        order.push('saved');
        return Promise.resolve();
      },
      complete: () => {
        order.push('signed');
        return Promise.resolve();
      },
    });
    await signing.load();
    signing.enter(NAME, 'Ana Ruiz');
    api.session.mockResolvedValue(signed);
    const finishing = signing.finish();
    await vi.runAllTimersAsync();
    await finishing;
    expect(order).toEqual(['saved', 'signed']);
    expect(signing.snapshot().screen).toEqual({ at: 'done' });
  });

  test('pressed twice happens once', async () => {
    const { api, signing } = room(ready);
    await signing.load();
    api.session.mockResolvedValue(signed);
    await Promise.all([signing.finish(), signing.finish()]);
    expect(api.complete).toHaveBeenCalledTimes(1);
  });

  test('a changed document is loaded again and must be looked at', async () => {
    const { api, signing } = room(ready, { complete: () => refusal(409, 'document-changed') });
    await signing.load();
    api.session.mockResolvedValue(sessionSample({ fields: ready.fields, sha256: 'bb' }));
    await signing.finish();
    expect(signing.snapshot()).toMatchObject({ notice: 'changed', finish: 'idle', session: { document: { sha256: 'bb' } } });
  });

  test('an envelope closed meanwhile says how it ended', async () => {
    const { api, signing } = room(ready, { complete: () => refusal(410, 'envelope-closed', 'voided') });
    await signing.load();
    api.session.mockImplementation(() => refusal(410, 'envelope-closed', 'voided'));
    await signing.finish();
    expect(signing.snapshot().screen).toMatchObject({ at: 'stop', stop: { reason: 'voided' } });
  });

  test('a token that ended stops with the entries safe', async () => {
    const { signing } = room(ready, { complete: () => refusal(401, 'token-expired') });
    await signing.load();
    await signing.finish();
    expect(signing.snapshot().screen).toMatchObject({ at: 'stop', stop: { reason: 'tokenExpired' } });
  });
});

describe('the connection', () => {
  test('lost before anything was shown is a stop that passes by itself', async () => {
    const { api, signing } = room(sessionSample());
    api.session.mockRejectedValueOnce(new Unreachable(null));
    await signing.load();
    expect(signing.snapshot().screen).toMatchObject({ at: 'stop', stop: { reason: 'offline' } });
    signing.online();
    await vi.runAllTimersAsync();
    expect(signing.snapshot().screen).toEqual({ at: 'review' });
  });

  test('lost in the middle leaves the document standing', async () => {
    const { api, signing } = room(sessionSample());
    await signing.load();
    api.session.mockRejectedValueOnce(new Unreachable(null));
    await signing.load();
    expect(signing.snapshot().screen).toEqual({ at: 'review' });
  });

  test('ending with unsaved entries gets a last try', async () => {
    const putField = vi.fn<SigningApi['putField']>(() => Promise.reject(new Unreachable(null)));
    const { signing } = room(sessionSample({ fields: [NAME] }), { putField });
    await signing.load();
    signing.enter(NAME, 'Ana');
    signing.closing();
    expect(putField).toHaveBeenLastCalledWith('name', 'Ana', true);
  });
});
