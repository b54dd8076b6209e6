import { lazy } from 'react';

const TRY_AGAIN_MS = 3_000;

let fetched: Promise<typeof import('./MarkDialog')> | null = null;

/**
 * Fetches the dialog with its drawing code. The document is shown before this arrives, yet it is fetched with the
 * document and not on demand, so that a network lost later cannot keep anybody from signing.
 */
export function fetchMarkDialog(): Promise<typeof import('./MarkDialog')> {
  fetched ??= import('./MarkDialog').catch(async () => {
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    fetched = null;
    return fetchMarkDialog();
  });
  return fetched;
}

export const LazyMarkDialog = lazy(async () => ({ default: (await fetchMarkDialog()).MarkDialog }));
