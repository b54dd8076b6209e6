import { LOCALES, type Locale } from '../i18n/catalogue';
import { Icon } from './Icon';

/** Each language is named in itself, so that whoever needs it can read it. */
const NAMES: Readonly<Record<Locale, string>> = { en: 'English', es: 'Español' };

interface LanguageMenuProps {
  readonly locale: Locale;
  readonly label: string;
  readonly onChoose: (locale: Locale) => void;
}

export function LanguageMenu({ locale, label, onChoose }: LanguageMenuProps) {
  return (
    <span className="language">
      <Icon name="globe" size={18} />
      <span className="language-code" aria-hidden="true">
        {locale.toUpperCase()}
      </span>
      <select
        aria-label={label}
        value={locale}
        onChange={(event) => {
          onChoose(event.currentTarget.value as Locale);
        }}
      >
        {LOCALES.map((one) => (
          <option key={one} value={one} lang={one}>
            {NAMES[one]}
          </option>
        ))}
      </select>
    </span>
  );
}
