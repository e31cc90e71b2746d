// The tour is plain JavaScript, so that it needs no build where the studio is not.
declare module '*/explain/tour.js' {
  interface Wish {
    steps: object[];
    numbers: object;
    texts: object;
    language: string;
  }
  export function tour(root: HTMLElement, wish: Wish): { speak(texts: object, language: string): void };
}
