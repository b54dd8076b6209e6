import { useEffect, useState } from 'react';
import type { MarkDialog } from './MarkDialog';

const TRY_AGAIN_MS = 3_000;

/**
 * The dialog with its drawing code. The document is shown before this arrives, yet it is fetched with the document and
 * not on demand, so that a network lost later cannot keep anybody from signing.
 */
export function useMarkDialog(): typeof MarkDialog | null {
  const [dialog, setDialog] = useState<{ component: typeof MarkDialog } | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchIt = () => {
      import('./MarkDialog').then(
        (module) => {
          setDialog({ component: module.MarkDialog });
        },
        () => {
          timer = setTimeout(fetchIt, TRY_AGAIN_MS);
        },
      );
    };
    fetchIt();
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return dialog?.component ?? null;
}
