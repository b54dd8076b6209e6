import { useEffect, useRef, useState } from 'react';
import type { Http } from '../api/http';
import { Button } from '../ui/Button';
import { LanguageMenu } from '../ui/LanguageMenu';
import { Wordmark } from '../ui/Wordmark';
import { check, type Check } from './check';
import { DropZone } from './DropZone';
import { useLanguage } from './language';
import { Result } from './Result';
import { useFileDrop } from './useFileDrop';

/** Takes any number of files, one after the other; the newest answer wins. */
function useCheck(http: Http) {
  const [state, setState] = useState<Check | null>(null);
  const newest = useRef(0);
  const start = (file: File) => {
    const mine = (newest.current += 1);
    void check(file, http, (next) => {
      if (mine === newest.current) setState(next);
    });
  };
  const clear = () => {
    newest.current += 1;
    setState(null);
  };
  return { state, start, clear };
}

export function VerifyPage({ http }: { readonly http: Http }) {
  const { t, locale, choose } = useLanguage();
  const { state, start, clear } = useCheck(http);
  const over = useFileDrop(start);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${t('title')} · ${t('brand.home')}`;
  }, [t]);

  return (
    <div className="frame">
      <header className="bar">
        <Wordmark name={t('brand.home')} />
        <LanguageMenu locale={locale} label={t('language.label')} onChoose={choose} />
      </header>
      <main className="frame-main verify">
        <div className="verify-head">
          <h1 ref={heading} tabIndex={-1}>
            {t('title')}
          </h1>
          <p className="lead">{t('lead')}</p>
        </div>
        {state ? (
          <>
            <Result key={`${state.file.name}-${String(state.file.lastModified)}`} check={state} />
            <Button
              icon="upload"
              onClick={() => {
                clear();
                heading.current?.focus();
              }}
            >
              {t('drop.another')}
            </Button>
          </>
        ) : (
          <DropZone onFile={start} over={over} />
        )}
      </main>
      <footer className="frame-foot">{t('note')}</footer>
    </div>
  );
}
