// What happened to a citizen, in words of the language spoken; the model's own line where there are none.

import { has, num, own, t } from '../../lib/i18n';
import type { Life, Line } from '../../lib/types';

/** What an event is about: the scenario's words for it, or the name of its number. */
export function about(line: Line): string {
  if (line.label) return own(`said.${line.label}`, line.label);
  const last = line.key.split('.').pop() ?? '';
  return own(`word.${last}`, own(`field.${last}`, last.replaceAll(/[-_]/g, ' ')));
}

/** What it came from, where the words do not say it: friends, the chat group, a false record. */
export function origin(line: Line): string {
  return line.origin && line.origin !== 'own' ? own(`word.${line.origin}`, line.origin.replaceAll('_', ' ')) : '';
}

function keyOf(line: Line): string {
  return `event.${line.what.replaceAll(' ', '_')}`;
}

/** Return a line in words. */
export function told(line: Line): string {
  const key = keyOf(line);
  if (!has(key)) return line.text;
  const signed = `${line.value > 0 ? '+' : ''}${num(line.value)}`;
  return t(key, { name: about(line), value: Math.abs(line.value), id: String(line.value), signed });
}

/** `en` where a line is told in the model's own words in another language. */
export function langOfLine(line: Line): 'en' | undefined {
  return has(keyOf(line)) ? undefined : 'en';
}

/** Return the line of a diary that parted two lives, if it is one. */
export function partingLine(life: Life): Line | undefined {
  const { parting, diaries } = life;
  return parting ? diaries.flatMap(({ lines }) => lines).find(({ day, text }) => day === parting.day && text === parting.text) : undefined;
}
