// A scenario in a link: its text, deflated, in the part of the address that never leaves the machine.

const MOST = 256 * 1024; // bytes of text; the server takes no more either

async function through(data: Uint8Array<ArrayBuffer>, change: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([data]).stream().pipeThrough(change as ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST) throw new Error('too large');
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Return a text as base64url of its deflated bytes. */
export async function packed(text: string): Promise<string> {
  const small = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  let raw = '';
  for (const byte of small) raw += String.fromCharCode(byte);
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Return the text of such a string; throws where it is none, or where it unpacks to more than 256 KiB. */
export async function unpacked(code: string): Promise<string> {
  const raw = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
  const small = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  const text = await through(small, new DecompressionStream('deflate-raw'));
  return new TextDecoder('utf-8', { fatal: true }).decode(text);
}
