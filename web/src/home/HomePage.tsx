import { useEffect } from 'react';
import { Icon } from '../ui/Icon';
import { LanguageMenu } from '../ui/LanguageMenu';
import { Wordmark } from '../ui/Wordmark';
import { useLanguage } from './language';

/** The front door, and the page for an address that leads nowhere. It tells no visitor anything about anyone. */
export function HomePage({ known }: { readonly known: boolean }) {
  const { t, locale, choose } = useLanguage();
  const title = t(known ? 'home.title' : 'missing.title');
  useEffect(() => {
    document.title = `${title} · ${t('brand.home')}`;
  }, [title, t]);
  return (
    <div className="frame">
      <header className="bar">
        <Wordmark name={t('brand.home')} />
        <LanguageMenu locale={locale} label={t('language.label')} onChoose={choose} />
      </header>
      <main className="frame-main">
        <article className="card centred">
          <span className="medallion">
            <Icon name={known ? 'lock' : 'help'} size={26} />
          </span>
          <h1>{title}</h1>
          <p className="lead">{t(known ? 'home.body' : 'missing.body')}</p>
          <div className="actions stacked">
            <a className="button secondary wide" href="/verify">
              <Icon name="shield" />
              <span>{t('home.verify')}</span>
            </a>
          </div>
          <p className="meta">{t('home.verifyHint')}</p>
        </article>
      </main>
    </div>
  );
}
