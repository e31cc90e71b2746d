// What the server is and which presets it has; asked once.

import { get } from './api';
import type { About, Preset } from './types';

export const about = $state<{ now: About | null; error: unknown }>({ now: null, error: null });

/** Ask the server, once. */
export async function introduce(): Promise<void> {
  try {
    about.now = await get<About>('about');
  } catch (error) {
    about.error = error;
  }
}

/** Return a preset by its id. */
export function preset(id: string): Preset | undefined {
  return about.now?.presets.find((one) => one.id === id);
}
