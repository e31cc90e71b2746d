// What happened, in words of the language spoken; the model's own line where there are none.

import { has, num, own, t } from '../../lib/i18n';
import type { Line } from '../../lib/types';

/** What weighs in a year, heaviest first; all else is small. */
const GRAVE = ['detention', 'listed', 'refused', 'offline', 'suspended', 'liable', 'fine', 'summoned', 'reprimand', 'pledge', 'points', 'delisted', 'appeal won', 'appeal', 'freed', 'cut', 'cut by friend', 'blamed on another'];
/** What shuts out or punishes: what the guess at the beginning is about. */
const STRUCK = new Set(['detention', 'listed', 'refused', 'offline', 'suspended', 'liable', 'fine']);

/** Return whether a line weighs. */
export function grave(line: Line): boolean {
  return GRAVE.includes(line.what) && !(line.what === 'points' && line.value >= 0 && line.key !== 'redress');
}

/** Return how often somebody was shut out or punished. */
export function struck(lines: Line[]): number {
  return lines.filter(({ what }) => STRUCK.has(what)).length;
}

/** Return what a line is about: the rule, list or behaviour, in words. */
export function about(line: Line): string {
  return own(`live.names.${line.key}`, line.label || line.key);
}

function keyOf(line: Line): string {
  return `live.events.${line.what.replaceAll(' ', '_')}`;
}

/** Return a line in words. */
export function told(line: Line): string {
  const key = keyOf(line);
  if (!has(key)) return line.text;
  const signed = `${line.value > 0 ? '+' : ''}${num(line.value)}`;
  return t(key, { name: about(line), value: Math.abs(line.value), signed });
}

/** `en` where a line is told in the model's own words in another language. */
export function langOfLine(line: Line): 'en' | undefined {
  return has(keyOf(line)) ? undefined : 'en';
}
