import { createHttp } from '../api/http';
import { signingApi } from '../api/signing';
import type { Locale } from '../i18n/catalogue';
import { pickLocale } from '../i18n/pickLocale';
import { mount } from '../ui/mount';
import '../ui/ui.css';
import { takeAddress } from './address';
import { LanguageProvider, loaders } from './language';
import './sign.css';
import { SigningApp } from './SigningApp';
import { SigningContext } from './SigningContext';
import { watchInput } from './signature/lastInput';
import { stop } from './state/screen';
import { Signing } from './state/signing';

// First of all: the token leaves the address before anything else runs or is fetched.
const { token } = takeAddress(location, history);

async function start(): Promise<void> {
  let locale: Locale = pickLocale(navigator.languages);
  const http = createHttp({ language: () => locale, ...(token === null ? {} : { token }) });
  const api = signingApi(http);
  const signing = new Signing({
    api,
    now: () => Date.now(),
    random: () => Math.random(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  watchInput();
  if (token === null) signing.stopWith(stop('linkIncomplete'));
  else void signing.load();

  const messages = await loaders[locale]();
  const spoken = (chosen: Locale) => {
    const changed = chosen !== locale;
    locale = chosen;
    // The disclosure comes in the person's language; everything else on the page is re-worded here.
    if (changed && signing.snapshot().screen.at === 'consent') void signing.load();
  };
  mount(
    <LanguageProvider first={locale} messages={messages} loaders={loaders} onChange={spoken}>
      <SigningContext value={{ signing, api }}>
        <SigningApp />
      </SigningContext>
    </LanguageProvider>,
  );
}

void start();
