/** What the SDK needs of the place it runs in. Replaced as a whole in tests, so that time and chance can be played. */
export interface Host {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Unix ms on the device's clock. */
  now(): number;
  /** Calls once after a while; the returned function calls it off. */
  after(ms: number, action: () => void): () => void;
  /** From 0 to below 1. */
  random(): number;
  uuid(): string;
  /** Calls when the network seems to be back or gone, or the page is looked at again. */
  onNudge(action: () => void): () => void;
}

/** Where the session is kept between visits; `localStorage` fits. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const browserHost: Host = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  uuid,
  onNudge: (action) => {
    const visible = (): void => {
      if (document.visibilityState === 'visible') action();
    };
    const target: Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>> = globalThis;
    const page = (globalThis as { document?: Document }).document;
    target.addEventListener?.('online', action);
    target.addEventListener?.('offline', action);
    page?.addEventListener('visibilitychange', visible);
    return () => {
      target.removeEventListener?.('online', action);
      target.removeEventListener?.('offline', action);
      page?.removeEventListener('visibilitychange', visible);
    };
  },
};

/** The device's own store, or undefined where there is none or the visitor forbids it. */
export function deviceStorage(): KeyValueStore | undefined {
  try {
    return globalThis.localStorage ?? undefined;
  } catch {
    return undefined;
  }
}

/** `crypto.randomUUID` exists only on secure origins; a page tried out over plain HTTP needs ids as well. */
function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
