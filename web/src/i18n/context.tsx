import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { textsFor, type Locale, type Texts, type Translation } from './catalogue';
import { regionOf } from './pickLocale';

type Messages = Record<string, string>;

/** How a page gets the messages of one language; only the language in use is downloaded. */
export type Loaders<Base extends Messages> = Readonly<Record<Locale, () => Promise<Translation<Base>>>>;

interface Language<Base extends Messages> extends Texts<Base> {
  readonly choose: (locale: Locale) => void;
}

interface ProviderProps<Base extends Messages> {
  readonly first: Locale;
  readonly messages: Translation<Base>;
  readonly loaders: Loaders<Base>;
  readonly onChange?: (locale: Locale) => void;
  readonly children: ReactNode;
}

/**
 * One language context for one page's catalogue. The language lives outside the page's own state, so switching it
 * re-words the screen and touches nothing a person entered.
 */
export function languageOf<Base extends Messages>() {
  const Context = createContext<Language<Base> | null>(null);

  function LanguageProvider({ first, messages, loaders, onChange, children }: ProviderProps<Base>) {
    const [current, setCurrent] = useState({ locale: first, messages });

    useEffect(() => {
      document.documentElement.lang = current.locale;
      onChange?.(current.locale);
    }, [current, onChange]);

    const language = useMemo(
      () => ({
        ...textsFor<Base>(current.locale, current.messages, regionOf(current.locale, navigator.languages)),
        choose: (locale: Locale) => {
          // A language that cannot be fetched just now leaves the one in use standing.
          loaders[locale]().then(
            (loaded) => {
              setCurrent({ locale, messages: loaded });
            },
            () => undefined,
          );
        },
      }),
      [current, loaders],
    );
    return <Context.Provider value={language}>{children}</Context.Provider>;
  }

  function useLanguage(): Language<Base> {
    const language = useContext(Context);
    if (!language) throw new Error('useLanguage outside its provider');
    return language;
  }

  return { LanguageProvider, useLanguage };
}
