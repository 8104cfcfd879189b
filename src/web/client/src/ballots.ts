import { FanHubError, isRetryable } from './errors.js';
import type { Host } from './host.js';
import type { LiveConnection } from './live-connection.js';
import { Backoff, unlessAborted } from './waiting.js';
import type { BallotReply, OwnBallot, VoteRequest } from './wire.js';

export interface Patience {
  /** How long to keep trying; 60 s unless told. */
  timeoutMs?: number;
}

/** Gets ballots into the box: the same submission again and again until there is a receipt or a refusal, so that one intention counts once. */
export class Ballots {
  readonly #votes = new Map<string, AbortController>();
  readonly #waiting = new Set<AbortController>();

  constructor(
    private readonly host: Host,
    private readonly connection: LiveConnection,
  ) {}

  /** One ballot. A later one for the same interaction ends the wait for this one with `superseded`. */
  async vote(interaction: string, choices: readonly string[], patience?: Patience): Promise<BallotReply> {
    this.#votes.get(interaction)?.abort(new FanHubError('superseded', 'a later vote took the place of this one'));
    const stop = new AbortController();
    this.#votes.set(interaction, stop);
    const request: VoteRequest = { interaction, choices: [...choices], submission: this.host.uuid() };
    try {
      return await this.#persist<BallotReply>('Vote', request, patience, stop);
    } finally {
      if (this.#votes.get(interaction) === stop) this.#votes.delete(interaction);
    }
  }

  /** The fan's own ballots in these interactions. */
  mine(interactions: readonly string[], patience?: Patience): Promise<OwnBallot[]> {
    return this.#persist<OwnBallot[]>('Mine', [...interactions], patience, new AbortController());
  }

  stop(): void {
    for (const stop of this.#waiting) stop.abort(new FanHubError('stopped', 'the connection was ended by the page'));
  }

  async #persist<T>(method: string, argument: unknown, patience: Patience | undefined, stop: AbortController): Promise<T> {
    const limit = patience?.timeoutMs ?? 60_000;
    const cancelLimit = this.host.after(limit, () => stop.abort(new FanHubError('timeout', `no answer within ${limit} ms`)));
    const backoff = new Backoff(this.host, 1_000, 10_000);
    this.#waiting.add(stop);
    try {
      for (;;) {
        await this.#connected(stop.signal);
        try {
          return await unlessAborted(stop.signal, this.connection.call<T>(method, argument));
        } catch (error) {
          if (stop.signal.aborted || !isRetryable(error)) throw error;
        }

        await unlessAborted(stop.signal, new Promise<void>((resolve) => this.host.after(backoff.next(), resolve)));
      }
    } finally {
      cancelLimit();
      this.#waiting.delete(stop);
    }
  }

  async #connected(signal: AbortSignal): Promise<void> {
    if (this.connection.state === 'connected') return;
    let forget = (): void => undefined;
    const there = new Promise<void>((resolve) => {
      forget = this.connection.changed.on((state) => {
        if (state === 'connected') resolve();
      });
    });
    await unlessAborted(signal, there).finally(() => forget());
  }
}
