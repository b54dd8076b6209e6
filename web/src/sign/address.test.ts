import { describe, expect, test, vi } from 'vitest';
import { readAddress, takeAddress } from './address';

describe('a signing link', () => {
  test('carries the envelope in its path and the token in its fragment', () => {
    const url = new URL('https://sign.example.com/sign/env_k3v9x2m7q1w8#token=abc-_123');
    expect(readAddress(url)).toEqual({ envelopeId: 'env_k3v9x2m7q1w8', token: 'abc-_123' });
  });

  test('without a token is incomplete', () => {
    expect(readAddress(new URL('https://sign.example.com/sign/env_1')).token).toBeNull();
    expect(readAddress(new URL('https://sign.example.com/sign/env_1#token=')).token).toBeNull();
    expect(readAddress(new URL('https://sign.example.com/sign/env_1?token=abc')).token).toBeNull();
  });

  test('loses its fragment as soon as it is read', () => {
    const replaceState = vi.fn();
    const place = { href: 'https://x.example/sign/env_1?a=1#token=t', hash: '#token=t', pathname: '/sign/env_1', search: '?a=1' };
    const taken = takeAddress(place as Location, { replaceState } as unknown as History);
    expect(taken.token).toBe('t');
    expect(replaceState).toHaveBeenCalledWith(null, '', '/sign/env_1?a=1');
  });
});
