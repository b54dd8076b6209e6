import { problemFrom, Unreachable } from './problem';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly json?: unknown;
  readonly form?: FormData;
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page; browsers refuse bodies over 64 KiB here. */
  readonly keepalive?: boolean;
  readonly timeoutMs?: number;
}

export interface Http {
  json(path: string, call?: Call): Promise<unknown>;
  blob(path: string, call?: Call): Promise<Blob>;
}

const TIMEOUT_MS = 20_000;

export interface HttpOptions {
  /** Sent as `Authorization: Bearer`; lives in memory only. */
  readonly token?: string;
  /** The language the person reads in now, for texts the server supplies. */
  readonly language?: () => string;
  readonly fetch?: typeof fetch;
}

function headersFor(options: HttpOptions, call: Call): Headers {
  const headers = new Headers({ accept: 'application/json, application/problem+json, */*;q=0.5' });
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  if (options.language) headers.set('accept-language', options.language());
  if (call.json !== undefined) headers.set('content-type', 'application/json');
  return headers;
}

function requestFor(options: HttpOptions, call: Call, signal: AbortSignal): RequestInit {
  const body = call.form ?? (call.json === undefined ? null : JSON.stringify(call.json));
  return {
    method: call.method ?? 'GET',
    headers: headersFor(options, call),
    body,
    signal,
    keepalive: call.keepalive ?? false,
    // The bearer header is the whole of the authority; no ambient cookie may add to it.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: call.method === undefined ? 'default' : 'no-store',
  };
}

export function createHttp(options: HttpOptions = {}): Http {
  const send = options.fetch ?? ((input, init) => fetch(input, init));

  async function exchange<T>(path: string, call: Call, read: (r: Response) => Promise<T>): Promise<T> {
    const timeout = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await send(path, requestFor(options, call, signal));
    } catch (cause) {
      throw new Unreachable(cause);
    }
    if (!response.ok) throw await problemFrom(response);
    // A connection that breaks in the middle of the body is no answer either.
    return read(response).catch((cause: unknown) => {
      throw new Unreachable(cause);
    });
  }

  return {
    json: (path, call = {}) =>
      exchange(path, call, async (response) => {
        const text = await response.text();
        return text === '' ? null : (JSON.parse(text) as unknown);
      }),
    blob: (path, call = {}) => exchange(path, call, (response) => response.blob()),
  };
}
