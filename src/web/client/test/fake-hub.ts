import type { HubLink } from '../src/hub-link.js';
import type { FollowReply, FollowRequest, Notice, Update, VoteRequest } from '../src/wire.js';

export interface Call {
  method: string;
  args: unknown[];
}

type Handler = (...args: never[]) => unknown;

/** The server's side of all connections that the SDK opens: what it is asked, and what it answers. */
export class FakeHub {
  readonly links: FakeLink[] = [];
  readonly calls: Call[] = [];
  /** What starting a connection does; throws to refuse. */
  accept: () => void | Promise<void> = () => undefined;
  readonly answers: Record<string, Handler> = {
    Now: () => 0,
    Mine: () => [],
    Follow: (request: FollowRequest): FollowReply => ({ channel: request.channel, epoch: 'e1', offset: 0, recovered: false, updates: [] }),
  };

  makeLink = (url: string, token: string): HubLink => {
    const link = new FakeLink(this, url, token);
    this.links.push(link);
    return link as unknown as HubLink;
  };

  /** The connection that was opened last. */
  get link(): FakeLink {
    return this.links.at(-1)!;
  }

  asked<T>(method: string): T[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.args[0] as T);
  }

  follows = (): FollowRequest[] => this.asked<FollowRequest>('Follow');
  votes = (): VoteRequest[] => this.asked<VoteRequest>('Vote');
}

export class FakeLink {
  open = false;
  readonly #handlers = new Map<string, (argument: unknown) => void>();
  readonly #waiting = new Set<(error: Error) => void>();
  #closed = (_error?: Error): void => undefined;

  constructor(
    private readonly hub: FakeHub,
    readonly url: string,
    readonly token: string,
  ) {}

  async start(): Promise<void> {
    await this.hub.accept();
    this.open = true;
  }

  stop(): Promise<void> {
    this.drop();
    return Promise.resolve();
  }

  invoke(method: string, ...args: unknown[]): Promise<unknown> {
    if (!this.open) return Promise.reject(new Error("Cannot send data if the connection is not in the 'Connected' State."));
    this.hub.calls.push({ method, args });
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      Promise.resolve()
        .then(() => this.hub.answers[method]!(...(args as never[])))
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  send(method: string, ...args: unknown[]): Promise<void> {
    this.hub.calls.push({ method, args });
    return Promise.resolve();
  }

  on(method: string, handler: (argument: never) => void): void {
    this.#handlers.set(method, handler as (argument: unknown) => void);
  }

  onclose(closed: (error?: Error) => void): void {
    this.#closed = closed;
  }

  updates(...updates: Update[]): void {
    this.#handlers.get('updates')?.(updates);
  }

  notice(notice: Partial<Notice>): void {
    this.#handlers.get('notice')?.({ message: '', ...notice });
  }

  /** The connection goes away, with the calls that wait on it. */
  drop(): void {
    if (!this.open) return;
    this.open = false;
    for (const reject of this.#waiting) reject(new Error('Invocation canceled due to the underlying connection being closed.'));
    this.#closed();
  }
}

/** An answer that comes when the test says so. */
export class Later<T> {
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

export function logged(offset: number, key: string, data: unknown, epoch = 'e1'): Update {
  return update('logged', offset, key, offset, data, epoch);
}

export function latest(version: number, key: string, data: unknown, epoch = 'e1', offset = 0): Update {
  return update('latest', offset, key, version, data, epoch);
}

function update(kind: Update['class'], offset: number, key: string, version: number, data: unknown, epoch: string): Update {
  const made: Update = { channel: 'demo', epoch, offset, class: kind, key, kind: key.split(':')[0]!, version, at: '2026-07-01T12:00:00Z' };
  if (data !== undefined) made.data = data;
  return made;
}
