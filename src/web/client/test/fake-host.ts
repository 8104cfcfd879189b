import type { Host, KeyValueStore } from '../src/host.js';

/** Time that passes only when told to, chance that is what the test says, and a session service that answers as told. */
export class FakeHost implements Host {
  time = Date.parse('2026-07-01T12:00:00Z');
  /** Ms that the server's clock is ahead of the device's. */
  chance = (): number => 1 - Number.EPSILON;
  sessionCalls: (string | undefined)[] = [];
  answerSession = (earlier: string | undefined): Response | Promise<Response> =>
    Response.json({ token: `token-${this.sessionCalls.length}`, fan: earlier === undefined ? `fan-${this.sessionCalls.length}` : 'same-fan', expiresAt: new Date(this.time + 86_400_000).toISOString() });
  readonly profileCalls: { method: string; token: string | undefined; body: unknown }[] = [];
  answerProfile = (_method: string, _token: string | undefined): Response | Promise<Response> => new Response(null, { status: 404 });
  readonly waits: number[] = [];

  #timers = new Set<{ at: number; action: () => void }>();
  #nudges = new Set<() => void>();
  #ids = 0;

  fetch = (url: string, init: RequestInit): Promise<Response> => {
    const earlier = new Headers(init.headers).get('Authorization')?.replace('Bearer ', '');
    if (url.endsWith('/api/v1/fans/me')) {
      const method = init.method!;
      this.profileCalls.push({ method, token: earlier, body: init.body === undefined ? undefined : JSON.parse(init.body as string) });
      return Promise.resolve().then(() => this.answerProfile(method, earlier));
    }

    this.sessionCalls.push(earlier);
    return Promise.resolve().then(() => this.answerSession(earlier));
  };

  now = (): number => this.time;
  random = (): number => this.chance();
  uuid = (): string => `submission-${++this.#ids}`;

  after = (ms: number, action: () => void): (() => void) => {
    const timer = { at: this.time + ms, action };
    this.waits.push(ms);
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  onNudge = (action: () => void): (() => void) => {
    this.#nudges.add(action);
    return () => void this.#nudges.delete(action);
  };

  /** The network comes back, or the page is looked at. */
  async nudge(): Promise<void> {
    for (const action of [...this.#nudges]) action();
    await this.settle();
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Lets time pass, timer by timer. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await this.settle();
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.action();
      await this.settle();
    }

    this.time = until;
  }
}

export class FakeStore implements KeyValueStore {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}
