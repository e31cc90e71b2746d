// Where each citizen's dot stands: two numbers per citizen, in CSS pixels.

import { tiles, type Province } from './tiles';

export interface Layout {
  places: Float32Array;
  width: number;
  height: number;
  /** Room for one dot, in CSS pixels. */
  pitch: number;
}

const SIGN_ROOM = 12; // above the dots of a tile, for its sign

/** Dots in the tiles of their provinces: in each a block whose area grows with its people. */
export function byProvince(provinces: Province[], citizens: number, width: number): Layout {
  const map = tiles(provinces, citizens, width);
  const places = new Float32Array(2 * citizens);
  const most = Math.max(...map.tiles.map(({ from, to }) => to - from), 1);
  const room = map.tiles[0].side - 4;
  const pitch = Math.min(14, room / Math.ceil(Math.sqrt((most * room) / (room - SIGN_ROOM))));
  const across = Math.floor(room / pitch + 1e-6);
  for (const tile of map.tiles) {
    const people = tile.to - tile.from;
    const columns = Math.min(across, Math.ceil(Math.sqrt(people)));
    const left = tile.x + (tile.side - columns * pitch) / 2;
    for (let k = 0; k < people; k++) {
      places[2 * (tile.from + k)] = left + ((k % columns) + 0.5) * pitch;
      places[2 * (tile.from + k) + 1] = tile.y + SIGN_ROOM + (Math.floor(k / columns) + 0.5) * pitch;
    }
  }
  return { places, width, height: map.height, pitch };
}

/** Dots along a curve that fills the picture, in the order of a circle: who is in one group stands together. */
export function byCircle(order: Uint32Array, width: number, height: number): Layout {
  const citizens = order.length;
  const columns = 2 * Math.ceil(Math.sqrt((citizens * width) / height) / 2);
  const lines = Math.ceil(citizens / columns);
  const pitch = width / columns;
  const path = curve(columns, lines);
  const places = new Float32Array(2 * citizens);
  for (let i = 0; i < citizens; i++) {
    const cell = path[order[i]] ?? 0;
    places[2 * i] = ((cell % columns) + 0.5) * pitch;
    places[2 * i + 1] = (Math.floor(cell / columns) + 0.5) * pitch;
  }
  return { places, width, height: lines * pitch, pitch };
}

/** Return the cells of a grid in the order of a generalised Hilbert curve: near on the curve is near in the grid. */
export function curve(columns: number, lines: number): Uint32Array {
  const cells = new Uint32Array(columns * lines);
  let n = 0;
  const put = (x: number, y: number) => (cells[n++] = y * columns + x);
  // the rectangle at (x, y) spanned by the long side (ax, ay) and the short side (bx, by)
  const fill = (x: number, y: number, ax: number, ay: number, bx: number, by: number): void => {
    const [long, short] = [Math.abs(ax + ay), Math.abs(bx + by)];
    const [dax, day, dbx, dby] = [Math.sign(ax), Math.sign(ay), Math.sign(bx), Math.sign(by)];
    if (short === 1) {
      for (let k = 0; k < long; k++) put(x + k * dax, y + k * day);
      return;
    }
    if (long === 1) {
      for (let k = 0; k < short; k++) put(x + k * dbx, y + k * dby);
      return;
    }
    let [ax2, ay2] = [half(ax), half(ay)];
    let [bx2, by2] = [half(bx), half(by)];
    if (2 * long > 3 * short) {
      if (Math.abs(ax2 + ay2) % 2 && long > 2) [ax2, ay2] = [ax2 + dax, ay2 + day];
      fill(x, y, ax2, ay2, bx, by);
      fill(x + ax2, y + ay2, ax - ax2, ay - ay2, bx, by);
      return;
    }
    if (Math.abs(bx2 + by2) % 2 && short > 2) [bx2, by2] = [bx2 + dbx, by2 + dby];
    fill(x, y, bx2, by2, ax2, ay2);
    fill(x + bx2, y + by2, ax, ay, bx - bx2, by - by2);
    fill(x + (ax - dax) + (bx2 - dbx), y + (ay - day) + (by2 - dby), -bx2, -by2, -(ax - ax2), -(ay - ay2));
  };
  if (columns >= lines) fill(0, 0, columns, 0, 0, lines);
  else fill(0, 0, 0, lines, columns, 0);
  return cells;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

/** Return the citizen whose dot is nearest to a point, or -1 where none is within reach. */
export function nearest(layout: Layout, x: number, y: number): number {
  const { places, pitch } = layout;
  let best = Math.max(12, 2 * pitch) ** 2;
  let found = -1;
  for (let i = 0; i < places.length; i += 2) {
    const far = (places[i] - x) ** 2 + (places[i + 1] - y) ** 2;
    if (far < best) {
      best = far;
      found = i / 2;
    }
  }
  return found;
}
