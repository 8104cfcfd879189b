import type { FanHub } from '@fanhub/client';

const mostAtOnce = 50;

/** What this fan answered, asked for once for each poll, so that a reloaded page or another device shows it. */
export class OwnBallots {
  readonly #choices = new Map<string, readonly string[]>();
  readonly #asked = new Set<string>();
  /** Grows with each ballot cast here, so that an answer that was on its way meanwhile is known to be older. */
  readonly #cast = new Map<string, number>();

  constructor(
    private readonly hub: Pick<FanHub, 'mine'>,
    private readonly changed: () => void,
  ) {}

  /** Ids of the options chosen; undefined while there is no ballot, or none is known. */
  of(poll: string): readonly string[] | undefined {
    return this.#choices.get(poll);
  }

  /** The fan's ballot as it was just recorded. */
  set(poll: string, choices: readonly string[]): void {
    this.#asked.add(poll);
    this.#cast.set(poll, this.#timesCast(poll) + 1);
    this.#choices.set(poll, choices);
    this.changed();
  }

  /** What is known may be wrong: asks again. */
  doubt(poll: string): void {
    this.#asked.delete(poll);
    this.learn([poll]);
  }

  /** Asks for those not asked for yet. What could not be had is asked for at the next call. */
  learn(polls: readonly string[]): void {
    const wanted = polls.filter((poll) => !this.#asked.has(poll));
    for (let i = 0; i < wanted.length; i += mostAtOnce) void this.#ask(wanted.slice(i, i + mostAtOnce));
  }

  async #ask(polls: readonly string[]): Promise<void> {
    const before = new Map(polls.map((poll) => [poll, this.#timesCast(poll)]));
    for (const poll of polls) this.#asked.add(poll);
    try {
      const ballots = await this.hub.mine(polls);
      for (const { interaction, choices } of ballots) {
        if (this.#timesCast(interaction) === before.get(interaction)) this.#choices.set(interaction, choices);
      }

      if (ballots.length > 0) this.changed();
    } catch {
      for (const poll of polls) this.#asked.delete(poll);
    }
  }

  #timesCast(poll: string): number {
    return this.#cast.get(poll) ?? 0;
  }
}
