import type { KeyValueStore, QuizQuestion } from '@fanhub/client';

const name = 'fanhub.more-time';
const most = 20;

/** In which quizzes the fan has double time, and since when; kept on the device, so that countdowns stay right after a reload. */
export class MoreTimes {
  #since: Record<string, number>;

  constructor(private readonly store: Pick<KeyValueStore, 'getItem' | 'setItem'> | undefined) {
    this.#since = read(store);
  }

  /** @param now Unix ms by the server's clock: questions that open from now on have double time. */
  add(quiz: string, now: number): void {
    if (this.has(quiz)) return;
    this.#since = Object.fromEntries([...Object.entries(this.#since), [quiz, now]].slice(-most));
    this.#keep();
  }

  has(quiz: string): boolean {
    return this.#since[quiz] !== undefined;
  }

  /** Whether this question has double time for the fan. */
  holds(quiz: string, question: QuizQuestion): boolean {
    const since = this.#since[quiz];
    return since !== undefined && Date.parse(question.opensAt) >= since;
  }

  /** The fan is another one from now on. */
  forget(): void {
    this.#since = {};
    this.#keep();
  }

  #keep(): void {
    try {
      this.store?.setItem(name, JSON.stringify(this.#since));
    } catch {
      // A store that is full or forbidden: it holds for this visit.
      return;
    }
  }
}

function read(store: Pick<KeyValueStore, 'getItem'> | undefined): Record<string, number> {
  try {
    const kept: unknown = JSON.parse(store?.getItem(name) ?? '{}');
    return Object.fromEntries(Object.entries(kept as object).filter(([, since]) => typeof since === 'number'));
  } catch {
    return {};
  }
}
