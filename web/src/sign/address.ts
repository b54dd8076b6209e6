/** What a signing link carries: the envelope in the path, the token in the fragment, which no server ever sees. */
export interface SigningAddress {
  readonly envelopeId: string | null;
  readonly token: string | null;
}

export function readAddress(url: URL): SigningAddress {
  const envelopeId = /^\/sign\/([A-Za-z0-9_-]+)\/?$/.exec(url.pathname)?.[1] ?? null;
  const token = new URLSearchParams(url.hash.slice(1)).get('token');
  return { envelopeId, token: token === '' ? null : token };
}

/** Reads the address and strips the token from it, so that it stays out of history, screenshots and shared links. */
export function takeAddress(place: Location, past: History): SigningAddress {
  const address = readAddress(new URL(place.href));
  if (place.hash !== '') past.replaceState(null, '', place.pathname + place.search);
  return address;
}
