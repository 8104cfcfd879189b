import type { FanHub } from '@fanhub/client';

const mostAtOnce = 50;

/** What the answer to a question of a quiz is known by. */
export function boxOf(quiz: string, question: string): string {
  return `${quiz}.${question}`;
}

/**
 * What this fan answered, asked for once for each box, so that a reloaded page or another device shows it. A box is a poll, a prediction or a
 * question of a quiz; of a quiz the server tells the answer to the question that is on.
 */
export class OwnBallots {
  readonly #choices = new Map<string, readonly string[]>();
  readonly #asked = new Set<string>();
  /** Grows with each ballot cast here, so that an answer that was on its way meanwhile is known to be older. */
  readonly #cast = new Map<string, number>();
  #life = 0;

  constructor(
    private readonly hub: Pick<FanHub, 'mine'>,
    private readonly changed: () => void,
  ) {}

  /** Ids of the options chosen; undefined while there is no ballot, or none is known. */
  of(box: string): readonly string[] | undefined {
    return this.#choices.get(box);
  }

  /** The fan's ballot as it was just recorded. */
  set(box: string, choices: readonly string[]): void {
    this.#asked.add(box);
    this.#cast.set(box, this.#timesCast(box) + 1);
    this.#choices.set(box, choices);
    this.changed();
  }

  /** What is known may be wrong: asks again. */
  doubt(box: string): void {
    this.#asked.delete(box);
    this.learn([box]);
  }

  /** The fan is another one from now on. */
  forget(): void {
    // Answers that are on their way are the other fan's.
    this.#life++;
    this.#choices.clear();
    this.#asked.clear();
    this.changed();
  }

  /** Asks for those not asked for yet. What could not be had is asked for at the next call. */
  learn(boxes: readonly string[]): void {
    const wanted = boxes.filter((box) => !this.#asked.has(box));
    for (let i = 0; i < wanted.length; i += mostAtOnce) void this.#ask(wanted.slice(i, i + mostAtOnce));
  }

  async #ask(boxes: readonly string[]): Promise<void> {
    const life = this.#life;
    const before = new Map(this.#cast);
    for (const box of boxes) this.#asked.add(box);
    try {
      const ballots = await this.hub.mine(boxes.map((box) => box.split('.')[0]!));
      if (life !== this.#life) return;
      for (const { interaction, question, choices } of ballots) {
        const box = question === undefined ? interaction : boxOf(interaction, question);
        if (this.#timesCast(box) === (before.get(box) ?? 0)) this.#choices.set(box, choices);
      }

      if (ballots.length > 0) this.changed();
    } catch {
      if (life === this.#life) for (const box of boxes) this.#asked.delete(box);
    }
  }

  #timesCast(box: string): number {
    return this.#cast.get(box) ?? 0;
  }
}
