// What the server says of a played year (`views/studio/play.py`).

import type { Line } from '../../lib/types';

export type Answer = 'usual' | 'yes' | 'no';
export type Question = 'post' | 'games' | 'flight' | 'friend' | 'appeal';
export type Answers = Partial<Record<Question, Answer>>;

export interface Standing {
  score: number | null;
  grade: string | null;
  flagged: boolean;
  lists: { id: string; label: string }[];
  detained: number;
  suspended: number;
  offline: number;
  fear: number;
  friends: number;
  cut: number;
  low_friends: number;
}

export interface Asked {
  month: string;
  number: number;
  of: number;
  friend: number | null;
  questions: Question[];
}

export interface Opening {
  id: string;
  preset: string;
  title: string;
  notice: string;
  seed: number;
  citizens: number;
  twin: string;
  citizen: number;
  who: { age: number; sex: string; place: string; province: string; group: string };
  you: Standing;
  next: Asked;
}

export interface Month {
  month: string;
  answers: Answers;
  lines: Line[];
  score: number[];
  you: Standing;
  next: Asked | null;
  ending: Ending | null;
}

export interface Year {
  world: string;
  you: Standing;
  counts: Record<string, number>;
  score: number[];
  society: Record<string, number>;
}

/** A line that one of the two years alone has: 0 the visitor's, 1 the twin's. */
export interface Alone {
  world: number;
  line: Line;
}

export interface Ending {
  worlds: [Year, Year];
  parting: { date: string; text: string; grade: string; source: string; first: Alone | null; led_to: Alone[]; more: number } | null;
  citizens: number;
}
