import { describe, expect, test, vi } from 'vitest';
import { PageImages } from './pageImages';

const never = new AbortController().signal;

function store(bytes = 1000) {
  let made = 0;
  const load = vi.fn(() => Promise.resolve(new Blob([new Uint8Array(bytes)])));
  const revokeUrl = vi.fn();
  const images = new PageImages({ load, createUrl: () => `blob:${String((made += 1))}`, revokeUrl });
  return { images, load, revokeUrl };
}

describe('page pictures', () => {
  test('are fetched once and shared', async () => {
    const { images, load } = store();
    const [a, b] = await Promise.all([images.acquire(1, 800, never), images.acquire(1, 800, never)]);
    expect(a).toBe(b);
    expect(images.peek(1, 800)).toBe(a);
    await images.acquire(1, 1200, never);
    expect(load.mock.calls.length).toBeLessThanOrEqual(3);
  });

  test('that are not shown any more are given up, the longest unseen first', async () => {
    const { images, revokeUrl } = store(10 * 1024 * 1024);
    for (const page of [1, 2, 3, 4]) await images.acquire(page, 800, never);
    for (const page of [1, 2, 3]) images.release(page, 800);
    expect(revokeUrl.mock.calls).toEqual([['blob:1']]);
    expect(images.peek(1, 800)).toBeNull();
    expect(images.peek(4, 800)).toBe('blob:4');
  });

  /** Loads that are let through one by one. */
  function slowStore() {
    const order: number[] = [];
    const release: (() => void)[] = [];
    const images = new PageImages({
      load: (page) => {
        order.push(page);
        return new Promise((resolve) =>
          release.push(() => {
            resolve(new Blob());
          }),
        );
      },
      createUrl: () => 'blob:x',
      revokeUrl: () => undefined,
    });
    const letThrough = async () => {
      release.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    };
    return { images, order, letThrough };
  }

  test('looked at go before those fetched ahead, the latest first', async () => {
    const { images, order, letThrough } = slowStore();
    const all = [1, 2, 3, 4, 5].map((page) => images.acquire(page, 800, never));
    images.hurry(4, 800);
    images.hurry(5, 800);
    expect(order).toEqual([1]);
    for (let turn = 0; turn < 6; turn += 1) await letThrough();
    await Promise.all(all);
    expect(order).toEqual([1, 5, 4, 2, 3]);
  });

  test('fetched ahead come one at a time', async () => {
    const { images, order, letThrough } = slowStore();
    void images.acquire(1, 800, never);
    void images.acquire(2, 800, never);
    expect(order).toEqual([1]);
    await letThrough();
    expect(order).toEqual([1, 2]);
  });

  test('that scrolled past before their turn are not fetched at all', async () => {
    const { images, order, letThrough } = slowStore();
    const gone = new AbortController();
    void images.acquire(1, 800, never);
    const past = expect(images.acquire(2, 800, gone.signal)).rejects.toThrow();
    gone.abort();
    await letThrough();
    await past;
    expect(order).toEqual([1]);
  });

  test('of a document that changed are all forgotten', async () => {
    const { images, revokeUrl } = store();
    await images.acquire(1, 800, never);
    images.forget();
    expect(revokeUrl).toHaveBeenCalledWith('blob:1');
    expect(images.peek(1, 800)).toBeNull();
  });

  test('that nobody waits for any more are not fetched', async () => {
    const { images, load } = store();
    const gone = AbortSignal.abort();
    await expect(images.acquire(1, 800, gone)).rejects.toThrow();
    expect(load).not.toHaveBeenCalled();
  });
});
