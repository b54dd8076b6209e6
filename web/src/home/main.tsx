import { pickLocale } from '../i18n/pickLocale';
import { mount } from '../ui/mount';
import '../ui/ui.css';
import { HomePage } from './HomePage';
import { LanguageProvider, loaders } from './language';

async function start(): Promise<void> {
  const locale = pickLocale(navigator.languages);
  const messages = await loaders[locale]();
  mount(
    <LanguageProvider first={locale} messages={messages} loaders={loaders}>
      <HomePage known={location.pathname === '/' || location.pathname === '/index.html'} />
    </LanguageProvider>,
  );
}

void start();
