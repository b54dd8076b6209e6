import { useEffect, useState } from 'react';
import type { TextRun } from '../../api/signing';
import type { Want } from './geometry';
import type { PageImages } from './pageImages';
import type { PageTexts } from './pageTexts';

export interface PageImage {
  readonly url: string | null;
  readonly failed: boolean;
  readonly retry: () => void;
}

const RETRY_MS = [2_000, 6_000, 15_000];

/** Holds a page's picture while the page is near, and lets it go when it is far away. */
export function usePageImage(images: PageImages, page: number, width: number, want: Want): PageImage {
  const near = want !== 'no';
  const [url, setUrl] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    if (!near || width === 0) return undefined;
    const stop = new AbortController();
    let held = false;
    images.acquire(page, width, stop.signal).then(
      (acquired) => {
        held = true;
        setUrl(acquired);
        setFailed(false);
      },
      () => {
        if (!stop.signal.aborted) setFailed(true);
      },
    );
    return () => {
      stop.abort();
      if (held) images.release(page, width);
    };
  }, [images, page, width, near, attempt]);

  useEffect(() => {
    if (want === 'now') images.hurry(page, width);
  }, [images, page, width, want, attempt]);

  useEffect(() => {
    if (!failed) return undefined;
    const again = () => {
      setAttempt((count) => count + 1);
    };
    const delay = RETRY_MS[attempt];
    const timer = delay === undefined ? undefined : setTimeout(again, delay);
    addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', again);
    };
  }, [failed, attempt]);

  return {
    url: near ? url : null,
    failed,
    retry: () => {
      setFailed(false);
      setAttempt((count) => count + 1);
    },
  };
}

export function usePageText(texts: PageTexts, page: number, near: boolean): readonly TextRun[] | null {
  const [runs, setRuns] = useState<readonly TextRun[] | null>(null);
  useEffect(() => {
    if (!near) return undefined;
    let current = true;
    texts.get(page).then(
      (got) => {
        if (current) setRuns(got);
      },
      // Without its words the page is still there to be seen; a later look asks again.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [texts, page, near]);
  return runs;
}
