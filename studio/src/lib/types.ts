// What the server says, as `docs/studio.md` describes it.

import type { Province } from './tiles';

export interface Preset {
  id: string;
  title: string;
  notice: string;
  press: boolean;
  citizens: number;
  summary: string;
}

export interface About {
  version: string;
  presets: Preset[];
  limits: { citizens: number; days: number; queued: number };
  grades: { name: string; colour: string }[];
}

export interface Diagnostic {
  severity: 'error' | 'warning' | 'note';
  code: string;
  message: string;
  line: number | null;
  column: number | null;
  frame: string;
  help: string;
  path?: string;
}

export interface Value {
  path: string;
  value: unknown;
  default_of_preset: unknown;
  unit: string;
  minimum: number | null;
  maximum: number | null;
  source: string;
  source_url: string;
  grade: string;
}

export interface RuleSwitch {
  id: string;
  kind: string;
  title: string;
  on: boolean;
  source: string;
  source_url: string;
  grade: string;
}

export interface Checked {
  ok: boolean;
  diagnostics: Diagnostic[];
  text: string;
  title: string;
  notice: string;
  press: boolean;
  preset: string | null;
  values: Value[];
  rules: RuleSwitch[];
  changes: { path: string; from: unknown; to: unknown }[];
}

export interface SchemaField {
  path: string;
  title: string;
  description: string;
  unit: string;
  type: string;
  minimum: number | null;
  maximum: number | null;
  choices: string[] | null;
  default: unknown;
}

export interface Schema {
  sections: { id: string; title: string; fields: SchemaField[] }[];
}

export type State = 'waiting' | 'living' | 'paused' | 'done' | 'failed';

export interface WorldLine {
  id: string;
  title: string;
  press: boolean;
  citizens: number;
  days: number;
  seed: number;
  start_date: string;
  state: State;
  day: number;
}

export interface Highlight {
  id: string;
  value: number | string | null;
  unit: string;
  sentence: string;
  world?: number;
  citizen?: number;
}

export interface World extends WorldLine {
  error?: { message: string; help: string };
  names: { grades: string[]; provinces: Province[]; groups: string[]; circles: string[] };
  worlds: { title: string; digest: string; press?: boolean; notice?: string; grades?: string[] }[];
  series: Record<string, (number[] | null)[]>;
  totals: Record<string, number>[];
  highlights: Highlight[];
}

export type Counters = Record<string, number>;

export interface DayNews {
  type: 'day';
  t: number;
  date: string;
  counters: Counters[];
  stocks: Record<string, number>[];
}

export interface Line {
  day: number;
  date: string;
  phase: number;
  what: string;
  key: string;
  origin: string;
  value: number;
  text: string;
  label: string;
  grade: string;
  source: string;
  alone: boolean;
}

export interface Life {
  citizen: number;
  who: {
    age: number;
    sex: string;
    place: string;
    province: string;
    group: string;
    online: boolean;
    scored: boolean[];
  };
  picked: string;
  told_from: string;
  diaries: { world: string; notice: string; lines: Line[]; counts: Record<string, number>; score: number[] }[];
  parting: {
    day: number;
    date: string;
    by: string;
    world: string;
    text: string;
    kind: string;
    grade: string;
    source: string;
  } | null;
  led_to: string[];
}

export interface Meeting {
  life: Life;
  ties: { citizen: number; kind: string; friend: boolean }[];
  plain: string[];
}
