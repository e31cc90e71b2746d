// Dots on a canvas: WebGL2 points where the browser has it, small squares on a 2D canvas where not.
// Positions stay on the card; a frame sends one byte per citizen.

import { FADED, INK, NEUTRAL, rgb } from './colours';
import { GRADE } from './frames';
import type { Layout } from './layout';

/** How dots look: a colour per grade (entry 7: none), and which bit is marked, 0 for none. */
export interface Look {
  grades: string[];
  mark: number;
}

/** Something that draws dots. */
export interface Renderer {
  readonly kind: 'webgl2' | '2d';
  place(layout: Layout): void;
  draw(people: Uint8Array, look: Look): void;
  free(): void;
}

/** Return the best renderer that this canvas can have. */
export function renderer(canvas: HTMLCanvasElement): Renderer {
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false });
  return gl ? new PointRenderer(canvas, gl) : new SquareRenderer(canvas);
}

/** Return the colour of each byte's dot: eight by grade, faded where another is marked. */
function colours(look: Look): string[] {
  return Array.from({ length: 8 }, (_, grade) => look.grades[grade] ?? NEUTRAL);
}

function fit(canvas: HTMLCanvasElement, layout: Layout): number {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = Math.round(layout.width * ratio);
  canvas.height = Math.round(layout.height * ratio);
  canvas.style.setProperty('width', `${layout.width}px`);
  canvas.style.setProperty('height', `${layout.height}px`);
  return ratio;
}

/** Side of a dot in its room: with a gap where there is space for one, without where gaps would make stripes. */
function side(pitch: number): number {
  return pitch < 3 ? Math.ceil(pitch) : Math.min(12, pitch * 0.8);
}

const VERTEX = `#version 300 es
in vec2 place;
in uint person;
uniform vec2 room;
uniform float size;
uniform uint mark;
uniform bool marked;
uniform vec3 grades[8];
uniform vec3 faded;
uniform vec3 ink;
out vec3 colour;
void main() {
  bool is = (person & mark) != 0u;
  vec2 at = place / room * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, 0.0, 1.0);
  if (is != marked) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = marked ? size * 1.7 + 1.0 : size;
  colour = marked ? ink : mix(grades[person & ${GRADE}u], faded, mark == 0u ? 0.0 : 0.45);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec3 colour;
out vec4 pixel;
void main() {
  pixel = vec4(colour, 1.0);
}`;

class PointRenderer implements Renderer {
  readonly kind = 'webgl2';
  private readonly program: WebGLProgram;
  private readonly places: WebGLBuffer;
  private readonly bytes: WebGLBuffer;
  private readonly at = new Map<string, WebGLUniformLocation | null>();
  private citizens = 0;
  private size = 1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    this.program = this.built();
    this.places = gl.createBuffer();
    this.bytes = gl.createBuffer();
    for (const name of ['room', 'size', 'mark', 'marked', 'grades', 'faded', 'ink'])
      this.at.set(name, gl.getUniformLocation(this.program, name));
  }

  place(layout: Layout): void {
    const { gl } = this;
    const ratio = fit(this.canvas, layout);
    this.citizens = layout.places.length / 2;
    this.size = side(layout.pitch * ratio);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.useProgram(this.program);
    gl.uniform2f(this.at.get('room')!, layout.width, layout.height);
    this.feed('place', this.places, layout.places);
  }

  draw(people: Uint8Array, look: Look): void {
    const { gl } = this;
    if (people.length !== this.citizens) return;
    this.feed('person', this.bytes, people);
    gl.uniform3fv(this.at.get('grades')!, colours(look).flatMap(rgb));
    gl.uniform3fv(this.at.get('faded')!, rgb(FADED));
    gl.uniform3fv(this.at.get('ink')!, rgb(INK));
    gl.uniform1f(this.at.get('size')!, this.size);
    gl.uniform1ui(this.at.get('mark')!, look.mark);
    gl.clearColor(...rgb('#fcfaf5'), 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    for (const marked of look.mark ? [0, 1] : [0]) {
      gl.uniform1i(this.at.get('marked')!, marked);
      gl.drawArrays(gl.POINTS, 0, this.citizens);
    }
  }

  free(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private feed(name: string, buffer: WebGLBuffer, data: Float32Array | Uint8Array): void {
    const { gl } = this;
    const slot = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(slot);
    if (data instanceof Uint8Array) gl.vertexAttribIPointer(slot, 1, gl.UNSIGNED_BYTE, 0, 0);
    else gl.vertexAttribPointer(slot, 2, gl.FLOAT, false, 0, 0);
  }

  private built(): WebGLProgram {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'no program');
    return program;
  }
}

class SquareRenderer implements Renderer {
  readonly kind = '2d';
  private readonly pen: CanvasRenderingContext2D;
  private layout: Layout | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.pen = canvas.getContext('2d', { alpha: false })!;
  }

  place(layout: Layout): void {
    const ratio = fit(this.canvas, layout);
    this.layout = layout;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw(people: Uint8Array, look: Look): void {
    const { layout, pen } = this;
    if (!layout || people.length * 2 !== layout.places.length) return;
    pen.globalAlpha = 1;
    pen.fillStyle = '#fcfaf5';
    pen.fillRect(0, 0, layout.width, layout.height);
    pen.globalAlpha = look.mark ? 0.55 : 1;
    const size = side(layout.pitch);
    colours(look).forEach((colour, grade) => this.squares(people, colour, size, (b) => (b & GRADE) === grade && !(b & look.mark)));
    pen.globalAlpha = 1;
    if (look.mark) this.squares(people, INK, size * 1.7 + 1, (b) => (b & look.mark) !== 0);
  }

  free(): void {
    this.layout = null;
  }

  private squares(people: Uint8Array, colour: string, side: number, which: (byte: number) => boolean): void {
    const { places } = this.layout!;
    this.pen.fillStyle = colour;
    for (let i = 0; i < people.length; i++)
      if (which(people[i])) this.pen.fillRect(places[2 * i] - side / 2, places[2 * i + 1] - side / 2, side, side);
  }
}
