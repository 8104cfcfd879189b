import type { FanHub, Standing } from '@fanhub/client';
import { afterMs, type After } from './announcer.js';

const spreadMs = 1_000;

/** The fan's own place on a board: asked for once whenever the board changed, at a random moment within a second, so that an audience does not ask as one. */
export class OwnStanding {
  #standing: Standing | undefined;
  #version: number | undefined;
  #due = false;
  #asking = false;
  /** It changed while an answer was on its way. */
  #again = false;
  /** Whether an answer was had. */
  #known = false;
  #played = false;
  #life = 0;

  constructor(
    private readonly hub: Pick<FanHub, 'standing'>,
    private readonly board: string,
    private readonly changed: () => void,
    private readonly after: After = afterMs,
    private readonly random: () => number = Math.random,
  ) {}

  /** Undefined until it was told. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /** The board is at this version. */
  boardAt(version: number): void {
    if (version === this.#version) return;
    this.#version = version;
    // Who is not on the board, and gave no answer since, is not on it now either.
    if (this.#known && this.#standing?.rank === undefined && !this.#played) return;
    this.#askSoon();
  }

  /** The fan takes part: the next version of the board may have a place for them. */
  played(): void {
    this.#played = true;
  }

  /** The fan is another one from now on. */
  forget(): void {
    this.#life++;
    this.#standing = undefined;
    this.#known = this.#played = this.#asking = this.#again = false;
    this.#version = undefined;
  }

  #askSoon(): void {
    if (this.#due) return;
    this.#due = true;
    this.after(this.random() * spreadMs, () => {
      this.#due = false;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    this.#played = false;
    const life = this.#life;
    const standing = await this.hub.standing(this.board).catch(() => undefined);
    if (life !== this.#life) return;
    this.#asking = false;
    // What is known stays where there was no answer; the next change of the board asks again.
    this.#known = standing !== undefined;
    this.#standing = standing ?? this.#standing;
    if (standing !== undefined) this.changed();
    if (this.#again) this.#askSoon();
    this.#again = false;
  }
}
