// Which language the page speaks; kept for the next visit, guessed from the browser on the first.

export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = 'glasshouse-language';

function first(): Language {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept === 'en' || kept === 'zh') return kept;
  } catch {
    // nothing is kept here
  }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const spoken = $state<{ language: Language }>({ language: first() });

/** Speak another language from now on. */
export function speak(language: Language): void {
  spoken.language = language;
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // it lasts as long as the page
  }
}
