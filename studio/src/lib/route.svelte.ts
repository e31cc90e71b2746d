// Where the visitor is: the part of the address after `#`, as a path and what follows its question mark.

export const place = $state<{ path: string[]; query: URLSearchParams }>(read());

function read(): { path: string[]; query: URLSearchParams } {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(plain);
  return { path: parts.length ? parts : ['start'], query: new URLSearchParams(query) };
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Read the address again, now and whenever it changes. */
export function follow(): void {
  const again = () => Object.assign(place, read());
  again();
  addEventListener('hashchange', again);
}

/** Go to a screen. */
export function go(path: string): void {
  location.hash = `#/${path}`;
}
