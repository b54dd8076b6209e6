import { describe, expect, test, vi } from 'vitest';
import { createHttp } from './http';
import { isPassing, Problem, Unreachable } from './problem';
import { readSession } from './signing';
import { readVerification } from './verify';

function http(answer: () => Promise<Response>) {
  const send = vi.fn<typeof fetch>(() => answer());
  return { client: createHttp({ token: 'secret', language: () => 'es', fetch: send }), send };
}

const problem = (status: number, body: string, headers: Record<string, string> = {}) =>
  http(() => Promise.resolve(new Response(body, { status, headers })));

async function refusalOf(client: ReturnType<typeof createHttp>): Promise<Problem> {
  return client.json('/x').then(
    () => {
      throw new Error('was not refused');
    },
    (error: unknown) => error as Problem,
  );
}

describe('a request', () => {
  test('carries the token in its header and no cookies', async () => {
    const { client, send } = http(() => Promise.resolve(new Response('{"ok":true}')));
    await expect(client.json('/x', { method: 'POST', json: { a: 1 } })).resolves.toEqual({ ok: true });
    const [url, init] = send.mock.calls[0] ?? [];
    const headers = new Headers(init?.headers);
    expect(url).toBe('/x');
    expect(headers.get('authorization')).toBe('Bearer secret');
    expect(headers.get('accept-language')).toBe('es');
    expect(init).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer', body: '{"a":1}' });
  });

  test('that gets no answer is unreachable, and worth another try', async () => {
    const { client } = http(() => Promise.reject(new TypeError('network')));
    const error = await refusalOf(client);
    expect(error).toBeInstanceOf(Unreachable);
    expect(isPassing(error)).toBe(true);
  });
});

describe('a refusal', () => {
  test('is named by its slug, bare or at the end of an address', async () => {
    const bare = problem(409, '{"type":"wrong-step","current_step":"sign"}');
    expect(await refusalOf(bare.client)).toMatchObject({ slug: 'wrong-step', status: 409 });
    const address = problem(409, '{"type":"https://x.example/problems/wrong-step"}');
    expect((await refusalOf(address.client)).slug).toBe('wrong-step');
  });

  test('brings its reference and its waiting time', async () => {
    const { client } = problem(429, '{"type":"too-many-attempts"}', { 'x-request-id': 'r1', 'retry-after': '900' });
    const refusal = await refusalOf(client);
    expect(refusal.reference).toBe('r1');
    expect(refusal.number('retry_after')).toBe(900);
    expect(isPassing(refusal)).toBe(false);
  });

  test('that is no problem document still becomes one', async () => {
    const refusal = await refusalOf(problem(502, '<html>Bad gateway</html>').client);
    expect(refusal).toMatchObject({ slug: 'server-error', status: 502 });
    expect(isPassing(refusal)).toBe(true);
    expect((await refusalOf(problem(401, '').client)).slug).toBe('token-invalid');
  });
});

test('a session is read with the server’s names for its steps', () => {
  const steps = [
    { type: 'consent', status: 'done' },
    { type: 'otp_email', status: 'open' },
    { type: 'sign', status: 'waiting' },
  ];
  const session = readSession({ steps });
  expect(session.steps.map((step) => step.status)).toEqual(['passed', 'current', 'pending']);
});

test('a verdict the page does not know is never taken for a good one', () => {
  const read = readVerification({
    verdict: 'splendid',
    copy_status: 'original',
    checked_at: '2026-04-11T10:00:00.000Z',
    seal: { finding: 'superb', signatures: [], problems: [], every_byte_accounted: true },
    evidence: { sha256: '', registered: false },
  });
  expect(read).toMatchObject({ verdict: 'unknown', copy_status: 'unknown', seal: { finding: 'could_not_check' } });
});
