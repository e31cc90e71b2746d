// Which field of the schema a value belongs to, and what its group is called.

import { has, own, t } from '../../lib/i18n';
import type { Schema, SchemaField, Value } from '../../lib/types';

export interface Row {
  value: Value;
  field: SchemaField | undefined;
  name: string;
  title: string;
}

export interface Group {
  id: string;
  title: string;
  rows: Row[];
}

/** Return whether a path of the schema, with `*` for free names, is that of a value. */
export function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('.'), path.split('.')];
  return wanted.length === given.length && wanted.every((part, k) => part === '*' || part === given[k]);
}

/** Return the values in the groups of the schema, each with its field. */
export function groups(schema: Schema, values: Value[]): Group[] {
  const index = new Map<number, SchemaField[]>();
  for (const field of schema.sections.flatMap(({ fields }) => fields)) {
    const parts = field.path.split('.').length;
    index.set(parts, [...(index.get(parts) ?? []), field]);
  }
  const found = schema.sections.map(({ id, title }) => ({ id, title: own(`section.${id}`, title), rows: [] as Row[] }));
  for (const value of values) {
    if (value.path.endsWith('.disabled')) continue; // the switches above say it
    const field = index.get(value.path.split('.').length)?.find(({ path }) => fits(path, value.path));
    const group = found.find(({ id }) => id === value.path.split('.')[0]);
    group?.rows.push({ value, field, ...named(value, field) });
  }
  return found.filter(({ rows }) => rows.length);
}

function named(value: Value, field: SchemaField | undefined): { name: string; title: string } {
  const parts = value.path.split('.');
  const last = parts[parts.length - 1];
  const title = own(`field.${last}`, field?.title || last.replaceAll('_', ' '));
  const middle = parts.slice(1, -1).map((part) => (has(`word.${part}`) ? t(`word.${part}`) : part.replaceAll('_', ' ')));
  return { name: middle.join(' · '), title };
}

/** Return what a form field says as a value for the server; undefined where it says nothing that fits. */
export function read(text: string, type: string): unknown {
  if (type === 'integer' || type === 'number') {
    const number = Number(text.trim().replace(',', '.'));
    return text.trim() === '' || Number.isNaN(number) ? undefined : number;
  }
  if (type === 'numbers') {
    const numbers = text.split(/[;\s]+|,(?!\d)|,\s*/).filter(Boolean).map(Number);
    return numbers.some(Number.isNaN) ? undefined : numbers;
  }
  if (type === 'words') return text.split(/[,;\s]+/).filter(Boolean);
  return text;
}

/** Return a value as text, for a form field or a list of changes. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
