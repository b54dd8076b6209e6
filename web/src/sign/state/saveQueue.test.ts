import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Problem, Unreachable } from '../../api/problem';
import type { FieldValue } from '../../api/signing';
import { retryDelayMs, SaveQueue } from './saveQueue';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function queueOver(put: (fieldId: string, value: FieldValue) => Promise<void>) {
  const refused = vi.fn();
  const spy = vi.fn(put);
  const queue = new SaveQueue({ put: spy, refused, changed: () => undefined, now: () => 42, random: () => 0.5 });
  return { queue, put: spy, refused };
}

describe('the save queue', () => {
  test('lets typing settle and sends the last value once', async () => {
    const { queue, put } = queueOver(() => Promise.resolve());
    queue.set('a', 'A', 600);
    await vi.advanceTimersByTimeAsync(300);
    queue.set('a', 'An', 600);
    await vi.advanceTimersByTimeAsync(300);
    queue.set('a', 'Ana', 600);
    expect(queue.status).toBe('saving');
    await vi.advanceTimersByTimeAsync(600);
    expect(put.mock.calls).toEqual([['a', 'Ana']]);
    expect([queue.status, queue.savedAt]).toEqual(['saved', 42]);
  });

  test('sends a value that changed while the one before was on its way', async () => {
    let release: () => void = () => undefined;
    const { queue, put } = queueOver(() => new Promise((resolve) => (release = resolve)));
    queue.set('a', 'one');
    await vi.advanceTimersByTimeAsync(0);
    queue.set('a', 'two');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(put).toHaveBeenCalledTimes(1);
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(put.mock.calls.at(-1)).toEqual(['a', 'two']);
  });

  test('tries again for as long as there is no answer, and sooner when the network returns', async () => {
    let online = false;
    const { queue, put } = queueOver(() => (online ? Promise.resolve() : Promise.reject(new Unreachable(null))));
    queue.set('a', 'Ana');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(put.mock.calls.length).toBeGreaterThan(4);
    expect(queue.status).toBe('waiting');
    expect(queue.unsaved()).toEqual([['a', 'Ana']]);
    online = true;
    queue.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect([queue.status, queue.unsaved()]).toEqual(['saved', []]);
  });

  test('gives up what the server refuses, says so, and goes on with the rest', async () => {
    const refusal = new Problem(422, 'validation', 'too long', null);
    const { queue, refused } = queueOver((id) => (id === 'a' ? Promise.reject(refusal) : Promise.resolve()));
    queue.set('a', 'x');
    queue.set('b', 'y');
    await vi.advanceTimersByTimeAsync(0);
    expect(refused).toHaveBeenCalledWith('a', refusal);
    expect([queue.status, queue.unsaved()]).toEqual(['failed', []]);
  });

  test('is settled when everything is saved', async () => {
    const { queue } = queueOver(() => Promise.resolve());
    queue.set('a', 'x', 10_000);
    const settled = vi.fn();
    void queue.settled().then(settled);
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toHaveBeenCalled();
    await expect(queue.settled()).resolves.toBeUndefined();
  });
});

test('the wait doubles, is spread, and has a ceiling', () => {
  expect([1, 2, 3].map((attempt) => retryDelayMs(attempt, 1))).toEqual([800, 1600, 3200]);
  expect(retryDelayMs(1, 0)).toBe(400);
  expect(retryDelayMs(40, 1)).toBe(20_000);
});
