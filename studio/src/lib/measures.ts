// Names of what is counted, in words: `refused.plane` by its own text, or by that of `refused.<id>`.

import { has, t } from './i18n';

/** Return the words for a flow or a stock; its name where there are none. */
export function measured(kind: 'flow' | 'stock', name: string): string {
  if (has(`${kind}.${name}`)) return t(`${kind}.${name}`);
  const [stem, ...rest] = name.split('.');
  const id = rest.join('.');
  if (id.includes('.')) return name;
  if (!has(`${kind}.${stem}.<id>`)) return name;
  return t(`${kind}.${stem}.<id>`, { id: has(`word.${id}`) ? t(`word.${id}`) : id.replaceAll('_', ' ') });
}
