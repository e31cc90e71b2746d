// Texts: one JSON file per language and part (`texts/en.json`, `texts/live.en.json`, ...), merged by language.
// A text may hold `{name}` (numbers are grouped as the language does) and `{name|one|other}`.

import { toStore } from 'svelte/store';
import { speak, spoken, type Language } from './language.svelte';

type Params = Record<string, string | number>;
type Texts = Record<string, string>;

const files = import.meta.glob<Record<string, unknown>>('../texts/*.json', { eager: true, import: 'default' });
const texts: Record<Language, Texts> = { en: {}, zh: {} };
for (const [name, content] of Object.entries(files)) {
  const language = name.endsWith('zh.json') ? 'zh' : 'en';
  flatten(content, '', texts[language]);
}

const LOCALE: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };

/** The language as a store: `$language` reads, setting it speaks another. */
export const language = toStore(
  () => spoken.language,
  (other: Language) => speak(other),
);

function flatten(part: unknown, path: string, into: Texts): void {
  if (typeof part === 'string') into[path] = part;
  else if (part && typeof part === 'object')
    for (const [key, value] of Object.entries(part)) flatten(value, path ? `${path}.${key}` : key, into);
}

/** Return a text in the language spoken; the key itself where there is none. */
export function t(key: string, params: Params = {}): string {
  const text = texts[spoken.language][key] ?? texts.en[key];
  return text === undefined ? key : filled(text, params);
}

/** Return words of the server: ours for its id in this language where there are any, else its own. */
export function own(key: string, english: string): string {
  return texts[spoken.language][key] ?? english;
}

/** Whether this language has its own words for a key. */
export function has(key: string): boolean {
  return key in texts[spoken.language];
}

/** `en` where words of the server stand untranslated in another language, for the `lang` attribute. */
export function langOf(key: string): 'en' | undefined {
  return spoken.language === 'en' || has(key) ? undefined : 'en';
}

function filled(text: string, params: Params): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (Number(value) === 1 ? one : other) ?? '';
    return typeof value === 'number' ? num(value) : value;
  });
}

/** Return a number in the manner of the language. */
export function num(value: number, digits = Number.isInteger(value) ? 0 : 2): string {
  return new Intl.NumberFormat(LOCALE[spoken.language], { maximumFractionDigits: digits })
    .format(value)
    .replace('-', '\u2212');
}

/** Return a share as a percentage with at most three significant digits. */
export function percent(share: number): string {
  return new Intl.NumberFormat(LOCALE[spoken.language], { style: 'percent', maximumSignificantDigits: 3 }).format(share);
}

/** Return a calendar date (ISO) in words. */
export function dateOf(iso: string, year = true): string {
  const day = new Date(`${iso}T00:00:00Z`);
  const form: Intl.DateTimeFormatOptions = { day: 'numeric', month: spoken.language === 'zh' ? 'long' : 'short', timeZone: 'UTC' };
  if (year) form.year = 'numeric';
  return new Intl.DateTimeFormat(LOCALE[spoken.language], form).format(day);
}

/** Return the date of a day number as ISO, where day 0 is `start`. */
export function isoOf(start: string, day: number): string {
  const date = new Date(`${start}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toISOString().slice(0, 10);
}
