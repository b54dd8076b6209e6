import type { ReactNode } from 'react';
import { LanguageMenu } from '../../ui/LanguageMenu';
import { Wordmark } from '../../ui/Wordmark';
import { useLanguage } from '../language';

/** The quiet page around a single card: every screen but the document itself. */
export function Frame({ children, footer }: { readonly children: ReactNode; readonly footer?: ReactNode }) {
  const { t, locale, choose } = useLanguage();
  return (
    <div className="frame">
      <header className="bar">
        <Wordmark name={t('brand.home')} />
        <LanguageMenu locale={locale} label={t('language.label')} onChoose={choose} />
      </header>
      <main className="frame-main">{children}</main>
      {footer && <footer className="frame-foot">{footer}</footer>}
    </div>
  );
}
