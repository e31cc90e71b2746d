// A map of 31 equal tiles, the report's own: every province counts the same, and no border is drawn.

/** Province: one or two letters, its sign in Chinese, column, line. */
export const TILES: Record<string, [string, string, number, number]> = {
  Heilongjiang: ['HL', '黑', 7, 0],
  'Inner Mongolia': ['IM', '蒙', 5, 1],
  Jilin: ['JL', '吉', 7, 1],
  Xinjiang: ['XJ', '新', 0, 2],
  Gansu: ['GS', '甘', 2, 2],
  Ningxia: ['NX', '宁', 3, 2],
  Shanxi: ['SX', '晋', 4, 2],
  Beijing: ['BJ', '京', 5, 2],
  Tianjin: ['TJ', '津', 6, 2],
  Liaoning: ['LN', '辽', 7, 2],
  Tibet: ['XZ', '藏', 0, 3],
  Qinghai: ['QH', '青', 1, 3],
  Shaanxi: ['SN', '陕', 3, 3],
  Henan: ['HA', '豫', 4, 3],
  Hebei: ['HE', '冀', 5, 3],
  Shandong: ['SD', '鲁', 6, 3],
  Sichuan: ['SC', '川', 2, 4],
  Chongqing: ['CQ', '渝', 3, 4],
  Hubei: ['HB', '鄂', 4, 4],
  Anhui: ['AH', '皖', 5, 4],
  Jiangsu: ['JS', '苏', 6, 4],
  Shanghai: ['SH', '沪', 7, 4],
  Yunnan: ['YN', '滇', 2, 5],
  Guizhou: ['GZ', '黔', 3, 5],
  Hunan: ['HN', '湘', 4, 5],
  Jiangxi: ['JX', '赣', 5, 5],
  Zhejiang: ['ZJ', '浙', 6, 5],
  Guangxi: ['GX', '桂', 4, 6],
  Guangdong: ['GD', '粤', 5, 6],
  Fujian: ['FJ', '闽', 6, 6],
  Hainan: ['HI', '琼', 5, 7],
};

export const COLUMNS = 8;
export const LINES = 8;

export interface Province {
  name: string;
  start: number;
}

export interface Tile {
  name: string;
  sign: string;
  signZh: string;
  x: number;
  y: number;
  side: number;
  from: number;
  to: number;
}

/** Return a tile for each province in a picture `width` wide; provinces unknown to the map stand in rows. */
export function tiles(provinces: Province[], citizens: number, width: number): { tiles: Tile[]; height: number } {
  const known = provinces.every(({ name }) => name in TILES);
  const columns = known ? COLUMNS : Math.min(COLUMNS, Math.ceil(Math.sqrt(provinces.length)));
  const side = width / columns;
  const placed = provinces.map(({ name, start }, k) => {
    const [sign, signZh, column, line] = known ? TILES[name] : [name, name, k % columns, Math.floor(k / columns)];
    const to = provinces[k + 1]?.start ?? citizens;
    return { name, sign, signZh, x: column * side, y: line * side, side, from: start, to };
  });
  const lines = known ? LINES : Math.ceil(provinces.length / columns);
  return { tiles: placed, height: lines * side };
}
