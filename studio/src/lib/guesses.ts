// What the visitor guessed before a world lived, kept for this visit only.

export interface Guess {
  /** Which world refuses more tickets: its number, or -1 for about the same. */
  refuses: number;
  /** Of 100 people in the second world, how many are ever punished for others. */
  association: number;
}

const guesses = new Map<string, Guess>();

/** Keep a guess about a world. */
export function keep(id: string, guess: Guess): void {
  guesses.set(id, guess);
}

/** Return the guess about a world, if there was one. */
export function guessed(id: string): Guess | undefined {
  return guesses.get(id);
}
