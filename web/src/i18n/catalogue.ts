export const LOCALES = ['en', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** The parameters a message takes, read off its text: `Page {page} of {pages}` takes `page` and `pages`. */
type ParameterOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

export type Arguments<Text extends string> = [ParameterOf<Text>] extends [never]
  ? []
  : [values: Record<ParameterOf<Text>, string | number>];

/** A translation has exactly the keys of the base catalogue: a missing or spare one does not compile. */
export type Translation<Base> = { readonly [Key in keyof Base]: string };

/** Keys that come as `key.one` and `key.other`. */
export type PluralKey<Base> = keyof Base extends infer Key
  ? Key extends `${infer Stem}.other`
    ? Stem
    : never
  : never;

export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export interface Texts<Base extends Record<string, string>> {
  readonly locale: Locale;
  readonly t: <Key extends keyof Base>(key: Key, ...values: Arguments<Base[Key]>) => string;
  /** The wording for a number of things; `{n}` in the message is the number. */
  readonly plural: (stem: PluralKey<Base>, n: number) => string;
  readonly date: (iso: string) => string;
  /** A calendar day without a time zone, as `yyyy-mm-dd`. */
  readonly day: (iso: string) => string;
  readonly time: (ms: number) => string;
  readonly dateTime: (iso: string) => string;
  readonly number: (n: number) => string;
}

/** `region` is the person's own form of the language (`en-GB`), for how dates and numbers are written. */
export function textsFor<Base extends Record<string, string>>(
  locale: Locale,
  messages: Translation<Base>,
  region: string = locale,
): Texts<Base> {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(region);
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(region, options);
  return {
    locale,
    t: (key, ...values) => fill(messages[key], values[0]),
    plural: (stem, n) => {
      const form = rules.select(n) === 'one' ? 'one' : 'other';
      return fill(messages[`${String(stem)}.${form}`] ?? '', { n: numbers.format(n) });
    },
    date: (iso) => format({ dateStyle: 'long' }).format(new Date(iso)),
    day: (iso) => format({ dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)),
    time: (ms) => format({ timeStyle: 'short' }).format(ms),
    dateTime: (iso) => format({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
    number: (n) => numbers.format(n),
  };
}
