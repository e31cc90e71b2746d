// Titles of worlds: the server sends the scenario's own; a preset's has words in each language.

import { about } from './about.svelte';
import { own } from './i18n';

/** Return a world's title in the language spoken, where it is that of a preset. */
export function worldTitle(title: string): string {
  const known = about.now?.presets.find((one) => one.title === title || one.id === title);
  return known ? own(`preset.${known.id}.title`, known.title) : title;
}
