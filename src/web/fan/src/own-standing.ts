import type { FanHub, Standing } from '@fanhub/client';
import { afterMs, type After } from './announcer.js';

const spreadMs = 1_000;
/** More than change in the longest delay. */
const mostTold = 200;

/**
 * The fan's own place on a board: asked for once whenever the board changed, at a random moment within a second, so that an audience does not
 * ask as one. It is asked for when the board is received, and told when the board is shown: whoever's video is behind is not told the points
 * of a question that is not revealed to them yet.
 */
export class OwnStanding {
  /** What was told, with the version of the board that it goes with; the oldest first. */
  #told: { version: number; standing: Standing }[] = [];
  #version = -Infinity;
  #due = false;
  #asking = false;
  /** It changed while an answer was on its way. */
  #again = false;
  #played = false;
  #life = 0;

  constructor(
    private readonly hub: Pick<FanHub, 'standing'>,
    private readonly board: string,
    private readonly changed: () => void,
    private readonly after: After = afterMs,
    private readonly random: () => number = Math.random,
  ) {}

  /** The place that goes with a version of the board; undefined until one was told. */
  at(version: number): Standing | undefined {
    return this.#told.filter((told) => told.version <= version).at(-1)?.standing;
  }

  /** A version of the board came. */
  received(version: number): void {
    if (version === this.#version) return;
    // In a new life of the channel versions begin anew, and go with nothing that was told.
    if (version < this.#version) this.#told = [];
    this.#version = version;
    // Who is not on the board, and gave no answer since, is not on it now either.
    const last = this.#told.at(-1);
    if (last !== undefined && last.standing.rank === undefined && !this.#played) return;
    this.#askSoon();
  }

  /** A version of the board is shown: asks where it was received before anybody listened. */
  shown(version: number): void {
    if (this.#version === -Infinity) this.received(version);
  }

  /** The fan takes part: the next version of the board may have a place for them. */
  played(): void {
    this.#played = true;
  }

  /** The fan is another one from now on. */
  forget(): void {
    this.#life++;
    this.#told = [];
    this.#asking = this.#again = this.#played = false;
    if (this.#version > -Infinity) this.#askSoon();
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
    const [life, version] = [this.#life, this.#version];
    const standing = await this.hub.standing(this.board).catch(() => undefined);
    if (life !== this.#life) return;
    this.#asking = false;
    // What is known stays where there was no answer; the next change of the board asks again.
    if (standing === undefined) this.#played = true;
    else this.#keep(version, standing);
    if (this.#again) this.#askSoon();
    this.#again = false;
  }

  #keep(version: number, standing: Standing): void {
    // The board began anew meanwhile.
    if (version > this.#version) return;
    this.#told = [...this.#told.filter((told) => told.version < version), { version, standing }].slice(-mostTold);
    this.changed();
  }
}
