// Binary frames: 20 bytes of header, little-endian, then one byte for each citizen.

export const HEADER = 20;
export const GRADE = 0b111;
export const NO_GRADE = 7;
export const LISTED = 1 << 3;
export const SHUT_OUT = 1 << 4;
export const HELD_BACK = 1 << 5;
export const ASSOCIATION = 1 << 6;
export const DIFFERS = 1 << 7;

/** The society at the end of a day, as the server shows it. */
export interface Frame {
  world: number;
  day: number;
  number: number;
  dropped: number;
  people: Uint8Array;
}

/** Read a frame; throws where the bytes are not one of version 1. */
export function readFrame(buffer: ArrayBuffer): Frame {
  const head = new DataView(buffer);
  if (buffer.byteLength < HEADER || head.getUint16(0, true) !== 1) throw new Error('not a frame of version 1');
  const citizens = head.getUint32(12, true);
  if (buffer.byteLength !== HEADER + citizens) throw new Error('a frame of the wrong length');
  return {
    world: head.getUint8(2),
    day: head.getUint32(4, true),
    number: head.getUint32(8, true),
    dropped: head.getUint32(16, true),
    people: new Uint8Array(buffer, HEADER, citizens),
  };
}

/** Marks a visitor may ask for, by name. */
export const MARKS: Record<string, number> = {
  listed: LISTED,
  shut_out: SHUT_OUT,
  held_back: HELD_BACK,
  association: ASSOCIATION,
  differs: DIFFERS,
};

/** Counts of a run of citizens: by grade (entry 7: none), then by mark, in the order of MARKS. */
export function count(people: Uint8Array, from: number, to: number): { grades: number[]; marks: number[] } {
  const grades = new Array<number>(8).fill(0);
  const marks = new Array<number>(5).fill(0);
  for (let i = from; i < to; i++) {
    const byte = people[i];
    grades[byte & GRADE]++;
    for (let bit = 0; bit < 5; bit++) marks[bit] += (byte >> (3 + bit)) & 1;
  }
  return { grades, marks };
}
