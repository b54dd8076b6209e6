/** A refusal the server put into words: RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  readonly status: number;
  /** The stable name of the refusal, e.g. `wrong-step`. */
  readonly slug: string;
  readonly detail: string;
  /** What to quote to whoever runs the server: its `X-Request-Id`. */
  readonly reference: string | null;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    slug: string,
    detail: string,
    reference: string | null,
    members: Record<string, unknown> = {},
  ) {
    super(`${String(status)} ${slug}`);
    this.name = 'Problem';
    this.status = status;
    this.slug = slug;
    this.detail = detail;
    this.reference = reference;
    this.members = members;
  }

  number(member: string): number | null {
    const value = this.members[member];
    return typeof value === 'number' ? value : null;
  }

  text(member: string): string | null {
    const value = this.members[member];
    return typeof value === 'string' && value !== '' ? value : null;
  }
}

/** No answer came: the network is gone, or the server did not speak in time. Nothing is known about the outcome. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause });
    this.name = 'Unreachable';
  }
}

/** Worth asking again later without the person's doing: no answer, overload, or a fault of the server. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof Problem)) return false;
  return error.status >= 500 || (error.status === 429 && error.slug !== 'too-many-attempts');
}

const FALLBACK_SLUGS: Readonly<Record<number, string>> = {
  401: 'token-invalid',
  404: 'not-found',
  410: 'envelope-closed',
  413: 'too-large',
  422: 'validation',
  429: 'rate-limited',
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `type` is the bare slug or a URI that ends in it. */
function slugOf(type: unknown, status: number): string {
  const last = typeof type === 'string' ? type.split('/').pop() : undefined;
  if (last !== undefined && last !== '' && last !== 'about:blank') return last;
  return FALLBACK_SLUGS[status] ?? 'server-error';
}

function parse(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) ? parsed : {};
  } catch {
    // A proxy's HTML page, say: the status and the reference still tell enough.
    return {};
  }
}

/** Reads a refusal; an answer that is not problem+json still becomes one. */
export async function problemFrom(response: Response): Promise<Problem> {
  const members = parse(await response.text().catch(() => ''));
  const retryAfter = Number(response.headers.get('retry-after'));
  if (retryAfter > 0) members['retry_after'] = retryAfter;
  const detail = typeof members['detail'] === 'string' ? members['detail'] : '';
  const reference = response.headers.get('x-request-id');
  return new Problem(response.status, slugOf(members['type'], response.status), detail, reference, members);
}
