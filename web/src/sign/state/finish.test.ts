import { describe, expect, test, vi } from 'vitest';
import { sessionSample } from '../../../fixtures/samples';
import { Problem, Unreachable } from '../../api/problem';
import type { Session } from '../../api/signing';
import { finishTruthfully } from './finish';

const SIGNED = sessionSample({ status: 'signed', step: null });
const UNSIGNED = sessionSample();
const LOST = new Unreachable(null);

function ports(completes: (Error | null)[], sessions: (Error | Session)[]) {
  const complete = vi.fn(() => {
    const next = completes.shift() ?? null;
    return next ? Promise.reject(next) : Promise.resolve();
  });
  const session = vi.fn(() => {
    const next = sessions.shift() ?? UNSIGNED;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
  return { api: { complete, session }, wait: () => Promise.resolve(), checking: vi.fn() };
}

describe('signing', () => {
  test('is done when the server says so', async () => {
    const given = ports([null], [SIGNED]);
    await expect(finishTruthfully(given, 'aa')).resolves.toEqual({ kind: 'signed', session: SIGNED });
    expect(given.checking).not.toHaveBeenCalled();
  });

  test('that lost its answer asks for the truth before it says anything', async () => {
    const given = ports([LOST], [SIGNED]);
    await expect(finishTruthfully(given, 'aa')).resolves.toMatchObject({ kind: 'signed' });
    expect(given.api.complete).toHaveBeenCalledTimes(1);
    expect(given.checking).toHaveBeenCalled();
  });

  test('that never arrived is sent again', async () => {
    const given = ports([LOST, null], [UNSIGNED, SIGNED]);
    await expect(finishTruthfully(given, 'aa')).resolves.toMatchObject({ kind: 'signed' });
    expect(given.api.complete).toHaveBeenCalledTimes(2);
  });

  test('is unknown, not failed, while nobody answers', async () => {
    const given = ports([LOST, LOST, LOST, LOST], [LOST, LOST, LOST, LOST]);
    await expect(finishTruthfully(given, 'aa')).resolves.toEqual({ kind: 'unknown' });
  });

  test('is refused in the server’s own words', async () => {
    const changed = new Problem(409, 'document-changed', '', null);
    await expect(finishTruthfully(ports([changed], []), 'aa')).resolves.toEqual({ kind: 'refused', problem: changed });
  });

  test('that met a fault is called failed only after the session says it is unsigned', async () => {
    const fault = new Problem(500, 'internal', '', 'req_1');
    await expect(finishTruthfully(ports([fault], [UNSIGNED]), 'aa')).resolves.toEqual({ kind: 'refused', problem: fault });
    await expect(finishTruthfully(ports([fault], [SIGNED]), 'aa')).resolves.toMatchObject({ kind: 'signed' });
  });
});
