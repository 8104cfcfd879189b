/** Runs something later; the returned function calls it off. */
export type After = (ms: number, run: () => void) => () => void;

/** What to say: as a function, it is what is true by the time it is said; undefined where it is not any more. */
export type News = string | (() => string | undefined);

const pauseMs = 5_000;
const mostAtOnce = 3;

/** In real time. */
export const afterMs: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Reads news out, so that there is time to listen: something now and then, the newest of each subject, never a backlog. */
export class Announcer {
  readonly #waiting = new Map<string, News>();
  #said = new Set<string>();
  #pausing = false;

  constructor(
    private readonly say: (text: string) => void,
    private readonly after: After = afterMs,
  ) {}

  /** Says it now, or after the pause in place of what was to be said about the same subject. */
  news(subject: string, text: News): void {
    this.#waiting.delete(subject);
    this.#waiting.set(subject, text);
    if (!this.#pausing) this.#speak();
  }

  /** What was taken back is not to be read out either. */
  forget(subject: string): void {
    this.#waiting.delete(subject);
    if (this.#said.has(subject)) this.say('');
  }

  /** Everything is of a page that was left. */
  clear(): void {
    this.#waiting.clear();
    this.say('');
  }

  #speak(): void {
    const due = [...this.#waiting].map(([subject, news]) => [subject, typeof news === 'string' ? news : news()] as const);
    const next = due.filter(([, text]) => text !== undefined).slice(-mostAtOnce);
    this.#waiting.clear();
    this.#pausing = next.length > 0;
    if (!this.#pausing) return;
    this.#said = new Set(next.map(([subject]) => subject));
    this.say(next.map(([, text]) => text).join(' '));
    this.after(pauseMs, () => this.#speak());
  }
}
