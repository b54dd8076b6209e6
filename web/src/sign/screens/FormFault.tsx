import { useCallback, useEffect, useRef, useState } from 'react';
import { Problem, Unreachable } from '../../api/problem';
import { Notice } from '../../ui/Notice';
import { useLanguage } from '../language';

export interface Attempt {
  readonly busy: boolean;
  readonly fault: unknown;
  readonly run: (work: () => Promise<void>) => Promise<void>;
  readonly clear: () => void;
}

/** One thing a form tries at a time, and what came of it. */
export function useAttempt(): Attempt {
  const [state, setState] = useState<{ busy: boolean; fault: unknown }>({ busy: false, fault: null });
  // A step that succeeds replaces its own form; what is no longer shown is not told the end.
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const run = useCallback(async (work: () => Promise<void>) => {
    setState({ busy: true, fault: null });
    try {
      await work();
      if (shown.current) setState({ busy: false, fault: null });
    } catch (fault) {
      if (shown.current) setState({ busy: false, fault });
    }
  }, []);
  const clear = useCallback(() => {
    setState({ busy: false, fault: null });
  }, []);
  return { ...state, run, clear };
}

/** The words for a fault no form has better words for. */
export function FormFault({ fault }: { readonly fault: unknown }) {
  const { t } = useLanguage();
  if (fault === null) return null;
  if (fault instanceof Unreachable) {
    return (
      <Notice tone="warn" live>
        {t('stop.offline.body')}
      </Notice>
    );
  }
  const problem = fault instanceof Problem ? fault : null;
  const told = problem && problem.status < 500 && problem.detail !== '';
  return (
    <Notice tone="bad" live>
      <p>{told ? problem.detail : t('stop.server.body')}</p>
      {problem?.reference && <p className="reference">{t('reference', { reference: problem.reference })}</p>}
    </Notice>
  );
}
