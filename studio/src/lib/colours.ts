// Colours that stay apart for the common kinds of colour blindness, the report's own.

export const INK = '#1d1c1a';
export const FADED = '#d5cebf';
export const NEUTRAL = '#8f897c';
export const WORLDS = ['#b8432b', '#2a6587'];
const RAMP = ['#8d2f25', '#d98752', '#e9c089', '#9fb8c6', '#2a6587'];

/** Return n grade colours from low (red) to high (blue), light in the middle. */
export function gradeColours(n: number): string[] {
  if (n <= 1) return [RAMP[4]];
  return Array.from({ length: n }, (_, i) => blend((i / (n - 1)) * (RAMP.length - 1)));
}

function blend(place: number): string {
  const low = Math.min(Math.floor(place), RAMP.length - 2);
  const [from, to] = [rgb(RAMP[low]), rgb(RAMP[low + 1])];
  const mixed = from.map((channel, i) => Math.round(255 * (channel + (to[i] - channel) * (place - low))));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Return red, green and blue of #rrggbb, 0 to 1. */
export function rgb(colour: string): [number, number, number] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number];
}
