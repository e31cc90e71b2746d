// How a world's dots are coloured: by grade where it has any, all alike where not.

import { gradeColours } from './colours';
import type { Look } from './dots';

/** Return the look for a world with these grades (low to high) and a marked bit. */
export function dotLook(grades: string[], mark: number): Look {
  return { grades: grades.length ? gradeColours(grades.length) : [], mark };
}
