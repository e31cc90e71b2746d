// The one way to the server: the token of this launch with every call, and errors in plain words.

const KEPT = 'glasshouse-token';
let token = '';

/** What the server answers when it refuses: words for people, and how to mend it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly help = '',
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

/** Take the token out of the address (it must not stay there) or, after a reload, out of this tab's storage. */
export function takeToken(): void {
  const found = /^#token=([\w-]+)(?:&(.*))?$/.exec(location.hash);
  if (found) {
    token = found[1];
    try {
      sessionStorage.setItem(KEPT, token);
    } catch {
      // a browser that keeps nothing: the token lives as long as the page
    }
    history.replaceState(null, '', `#${found[2] ?? '/start'}`);
    return;
  }
  try {
    token = sessionStorage.getItem(KEPT) ?? '';
  } catch {
    token = '';
  }
}

/** The token, for the first message of a socket. */
export function tokenOf(): string {
  return token;
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { 'X-Glasshouse-Token': token };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(`/api/${path.replace(/^\/?(api\/)?/, '')}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
    });
  } catch {
    throw new ApiError(0, 'offline');
  }
  if (answer.ok) return answer;
  throw await refusal(answer);
}

async function refusal(answer: Response): Promise<ApiError> {
  let told: any = null;
  try {
    told = await answer.json();
  } catch {
    // not JSON: the status must do
  }
  const error = told?.error ?? {};
  return new ApiError(answer.status, error.message ?? `${answer.status}`, error.help ?? '', told);
}

/** GET as JSON. */
export async function get<T = any>(path: string): Promise<T> {
  return (await call('GET', path)).json();
}

/** POST JSON, answered as JSON. */
export async function post<T = any>(path: string, body: unknown = {}): Promise<T> {
  const answer = await call('POST', path, body);
  const text = await answer.text();
  return (text ? JSON.parse(text) : null) as T;
}

/** DELETE. */
export async function remove(path: string): Promise<void> {
  await call('DELETE', path);
}

/** GET as bytes. */
export async function bytes(path: string): Promise<ArrayBuffer> {
  return (await call('GET', path)).arrayBuffer();
}

/** GET as a file for the visitor's downloads. */
export async function blob(path: string): Promise<Blob> {
  return (await call('GET', path)).blob();
}
