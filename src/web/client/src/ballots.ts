import { FanHubError, isRetryable } from './errors.js';
import type { Host } from './host.js';
import type { LiveConnection } from './live-connection.js';
import { Backoff, unlessAborted } from './waiting.js';
import type { Standing } from './play-items.js';
import type { AnswerRequest, BallotReply, OwnBallot, VoteRequest } from './wire.js';

export interface Patience {
  /** How long to keep trying; 60 s unless told. */
  timeoutMs?: number;
}

/** Gets ballots into the box: the same submission again and again until there is a receipt or a refusal, so that one intention counts once. */
export class Ballots {
  /** The ballots that are on their way, by the box they go into. */
  readonly #cast = new Map<string, AbortController>();
  readonly #waiting = new Set<AbortController>();

  constructor(
    private readonly host: Host,
    private readonly connection: LiveConnection,
  ) {}

  /** One ballot. A later one for the same interaction ends the wait for this one with `superseded`. */
  vote(interaction: string, choices: readonly string[], patience?: Patience): Promise<BallotReply> {
    const request: VoteRequest = { interaction, choices: [...choices], submission: this.host.uuid() };
    return this.#send(interaction, 'Vote', request, patience);
  }

  /** One answer to a question of a quiz, as with `vote`. */
  answer(quiz: string, question: string, choices: readonly string[], patience?: Patience): Promise<BallotReply> {
    const request: AnswerRequest = { quiz, question, choices: [...choices], submission: this.host.uuid() };
    return this.#send(`${quiz}.${question}`, 'Answer', request, patience);
  }

  /** The fan's own ballots in these interactions. */
  mine(interactions: readonly string[], patience?: Patience): Promise<OwnBallot[]> {
    return this.#persist<OwnBallot[]>('Mine', [...interactions], patience, new AbortController());
  }

  /** Where the fan stands on a board. */
  standing(board: string, patience?: Patience): Promise<Standing> {
    return this.#persist<Standing>('Standing', board, patience, new AbortController());
  }

  /** Asks for double time in a quiz; asking twice changes nothing. */
  async moreTime(quiz: string, patience?: Patience): Promise<void> {
    await this.#persist<null>('MoreTime', quiz, patience, new AbortController());
  }

  stop(): void {
    for (const stop of this.#waiting) stop.abort(new FanHubError('stopped', 'the connection was ended by the page'));
  }

  async #send(box: string, method: string, request: VoteRequest | AnswerRequest, patience: Patience | undefined): Promise<BallotReply> {
    this.#cast.get(box)?.abort(new FanHubError('superseded', 'a later ballot took the place of this one'));
    const stop = new AbortController();
    this.#cast.set(box, stop);
    try {
      return await this.#persist<BallotReply>(method, request, patience, stop);
    } finally {
      if (this.#cast.get(box) === stop) this.#cast.delete(box);
    }
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
