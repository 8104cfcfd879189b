import type { ChannelView, QuizItem, Update } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { CardList } from './card-list.js';
import { boxOf } from './own-ballots.js';
import { QuizCard } from './quiz-card.js';

/** The quizzes among a channel's items: those that are on first, then by what changed last. */
export function quizzesOf(items: ReadonlyMap<string, Update>): QuizItem[] {
  const group = ({ state }: QuizItem): number => (state === 'running' ? 0 : state === 'finished' ? 1 : 2);
  return [...items.values()]
    .filter((item) => item.kind === 'quiz')
    .sort((a, b) => group(a.data as QuizItem) - group(b.data as QuizItem) || (Date.parse(b.at) || 0) - (Date.parse(a.at) || 0) || (a.key < b.key ? -1 : 1))
    .map((item) => item.data as QuizItem);
}

/** The quizzes of a channel. */
export class QuizList {
  readonly #list: CardList<QuizItem, QuizCard>;
  readonly #order: string[] = [];
  #settled = false;

  constructor(private readonly context: CardContext) {
    this.#list = new CardList(
      'quizzes',
      (quiz) => new QuizCard(context, quiz),
      (id) => context.announcer.forget(`quiz:${id}`),
    );
  }

  get root(): HTMLElement {
    return this.#list.root;
  }

  /** Shows the channel as it now is. @returns how many quizzes there are. */
  show(view: ChannelView): number {
    const quizzes = this.#steady(quizzesOf(view.items));
    const count = this.#list.show(quizzes, (card, quiz) => card.update(quiz, view.items.get(`leaderboard:${quiz.id}`), this.#settled));
    if (view.state === 'ready') {
      this.#settled = true;
      const boxes = quizzes.flatMap(({ id, question }) => (question === undefined ? [] : [boxOf(id, question.id)]));
      this.context.own.learn(boxes);
    }

    return count;
  }

  render(): void {
    this.#list.render();
  }

  tick(): void {
    this.#list.tick();
  }

  /** Two that are on at once change all the time: they keep the places that they have. */
  #steady(quizzes: QuizItem[]): QuizItem[] {
    for (const { id } of [...quizzes].reverse()) if (!this.#order.includes(id)) this.#order.unshift(id);
    const running = (quiz: QuizItem): number => (quiz.state === 'running' ? 0 : 1);
    return quizzes.sort((a, b) => running(a) - running(b) || this.#order.indexOf(a.id) - this.#order.indexOf(b.id));
  }
}
