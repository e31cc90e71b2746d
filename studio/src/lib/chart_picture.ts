// A line chart as a self-contained SVG text, for papers and slides.

import { INK, WORLDS } from './colours';
import { num } from './i18n';

export interface Series {
  label: string;
  values: ArrayLike<number | null>;
  world?: number;
}

const [WIDE, HIGH, LEFT, TOP, BELOW] = [720, 360, 64, 56, 44];

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Return a round number at or above the largest value, so that four lines divide it. */
export function ceiling(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((top) => top >= most) ?? 10 * power;
}

/** Return the chart as SVG. */
export function svgOf(title: string, unit: string, dates: string[], series: Series[], credit: string): string {
  const top = ceiling(Math.max(1, ...series.flatMap(({ values }) => Array.from(values, (value) => value ?? 0))));
  const last = Math.max(1, dates.length - 1);
  const x = (k: number) => LEFT + ((WIDE - LEFT - 16) * k) / last;
  const y = (value: number) => HIGH - BELOW - ((HIGH - TOP - BELOW) * value) / top;
  const parts = [`<text x="16" y="22" font-size="16" font-weight="700">${escaped(title)}</text>`];
  for (let k = 0; k <= 4; k++) {
    const value = (top * k) / 4;
    parts.push(`<path d="M${LEFT} ${y(value).toFixed(1)}H${WIDE - 16}" stroke="#d9d4c8"/>`);
    parts.push(`<text x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${num(value)}</text>`);
  }
  for (const k of [0, Math.floor(last / 2), last])
    parts.push(`<text x="${x(k).toFixed(1)}" y="${HIGH - BELOW + 18}" text-anchor="middle">${escaped(dates[k] ?? '')}</text>`);
  series.forEach(({ label, values, world = 0 }, n) => {
    const points = Array.from(values).flatMap((value, k) => (value === null ? [] : [`${x(k).toFixed(1)},${y(value).toFixed(1)}`]));
    const dash = world ? ' stroke-dasharray="6 3"' : '';
    parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${WORLDS[world] ?? INK}" stroke-width="2"${dash}/>`);
    parts.push(`<text x="${16 + n * 300}" y="42" fill="${WORLDS[world] ?? INK}" font-weight="700">${escaped(label)}</text>`);
  });
  parts.push(`<text x="16" y="${HIGH - 8}" fill="#625d53" font-size="11">${escaped([unit, credit].filter(Boolean).join(' · '))}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${HIGH}" font-family="Arial, Helvetica, Liberation Sans, sans-serif" font-size="12"><rect width="${WIDE}" height="${HIGH}" fill="#fcfaf5"/>${parts.join('')}</svg>`;
}

/** Return the chart as PNG, twice as fine. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * WIDE;
  canvas.height = 2 * HIGH;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((found) => (found ? done(found) : failed(new Error('no picture'))), 'image/png'));
}
