import { createHttp } from '../api/http';
import { pickLocale } from '../i18n/pickLocale';
import { mount } from '../ui/mount';
import '../ui/ui.css';
import { LanguageProvider, loaders } from './language';
import './verify.css';
import { VerifyPage } from './VerifyPage';

async function start(): Promise<void> {
  const locale = pickLocale(navigator.languages);
  const http = createHttp();
  const messages = await loaders[locale]();
  mount(
    <LanguageProvider first={locale} messages={messages} loaders={loaders}>
      <VerifyPage http={http} />
    </LanguageProvider>,
  );
}

void start();
