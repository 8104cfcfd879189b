import type { ChannelView, PredictionItem, TallyItem, Update } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { CardList } from './card-list.js';
import { element } from './dom.js';
import { Leaderboard } from './leaderboard.js';
import { PredictionCard } from './prediction-card.js';

/** The predictions among a channel's items: open ones first, those that do not count last, the newest before the older. */
export function predictionsOf(items: ReadonlyMap<string, Update>): PredictionItem[] {
  const group = { open: 0, closed: 1, settled: 2, void: 3, cancelled: 3 };
  const opened = (one: PredictionItem): number => Date.parse(one.opensAt ?? '') || 0;
  return [...items.values()]
    .filter((item) => item.kind === 'prediction')
    .map((item) => item.data as PredictionItem)
    .sort((a, b) => group[a.state] - group[b.state] || opened(b) - opened(a) || (a.id < b.id ? -1 : 1));
}

/** The predictions of a channel, and the points that they brought. */
export class PredictionList {
  readonly root: HTMLElement;
  readonly #list: CardList<PredictionItem, PredictionCard>;
  readonly #board: Leaderboard;
  readonly #boardCard: HTMLElement;
  readonly #key: string;
  readonly #states = new Map<string, string>();
  #settled = false;

  constructor(
    private readonly context: CardContext,
    channel: string,
  ) {
    const board = `predictions.${channel}`;
    this.#key = `leaderboard:${board}`;
    this.#board = new Leaderboard(context, board);
    this.#boardCard = element('article', { hidden: true }, this.#board.root);
    this.#list = new CardList(
      'polls',
      (prediction) => new PredictionCard(context, prediction, () => context.standings.of(board).played()),
      (id) => {
        this.#states.delete(id);
        context.announcer.forget(`prediction:${id}`);
      },
    );
    this.root = element('div', { class: 'predictions' }, this.#list.root, this.#boardCard);
  }

  /** Shows the channel as it now is. @returns how many predictions there are. */
  show(view: ChannelView): number {
    const predictions = predictionsOf(view.items);
    const count = this.#list.show(predictions, (card, prediction) => {
      card.update(prediction, view.items.get(`tally:${prediction.id}`)?.data as TallyItem | undefined);
      this.#tell(prediction, card);
    });
    const board = view.items.get(this.#key);
    this.#board.show(board, this.context.words('predictionPoints'));
    this.#boardCard.hidden = board === undefined;
    if (view.state === 'ready') {
      this.#settled = true;
      this.context.own.learn(predictions.map(({ id }) => id));
    }

    this.root.hidden = count === 0 && board === undefined;
    return count;
  }

  render(): void {
    this.#list.render();
    this.#board.render();
  }

  tick(): void {
    this.#list.tick();
  }

  #tell(prediction: PredictionItem, card: PredictionCard): void {
    const { id, state, title, options, correct = [], settlement = 1 } = prediction;
    const now = `${state} ${settlement}`;
    const was = this.#states.get(id);
    this.#states.set(id, now);
    if (!this.#settled || was === now) return;
    const { words, announcer } = this.context;
    const own = card.outcome === 'none' ? '' : card.outcomeText;
    const labels = options.filter((option) => correct.includes(option.id)).map((option) => option.label);
    const key = ({ open: 'newPrediction', closed: 'nowLocked', settled: labels.length === 0 ? 'nowVoid' : 'nowSettled', void: 'nowVoid', cancelled: 'nowCancelled' } as const)[state];
    announcer.news(`prediction:${id}`, words(key, { title, answers: labels.join(', '), own }).trim());
  }
}
