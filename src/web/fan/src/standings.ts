import type { FanHub, Update } from '@fanhub/client';
import { OwnStanding } from './own-standing.js';

/** The fan's own places, board by board. */
export class Standings {
  readonly #boards = new Map<string, OwnStanding>();

  constructor(
    private readonly hub: Pick<FanHub, 'standing'>,
    private readonly changed: () => void,
  ) {}

  /** @param board a quiz's id, or `predictions.{channel}`. */
  of(board: string): OwnStanding {
    const own = this.#boards.get(board) ?? new OwnStanding(this.hub, board, this.changed);
    this.#boards.set(board, own);
    return own;
  }

  /** Something came over the channel, whether it is shown yet or not. */
  received({ kind, key, version, data }: Update): void {
    if (kind === 'leaderboard' && data !== undefined && data !== null) this.of(key.slice(kind.length + 1)).received(version);
  }

  /** The fan is another one from now on. */
  forget(): void {
    for (const own of this.#boards.values()) own.forget();
  }
}
