import type { PredictionItem, TallyItem } from '@fanhub/client';
import { BallotForm } from './ballot-form.js';
import { predictionTexts } from './ballot-texts.js';
import type { CardContext } from './card-context.js';
import { closingText } from './closing.js';
import { element, setAttribute, setText } from './dom.js';
import { chooseHint } from './poll-card.js';
import type { Outcome } from './question-panel.js';

/** One prediction on the page: what will happen, a form to say so, and what came true. */
export class PredictionCard {
  readonly root: HTMLElement;
  readonly #badge = element('span', { class: 'badge' });
  readonly #corrected = element('span', { class: 'badge altered', hidden: true });
  readonly #timer = element('span', { class: 'timer', role: 'timer' });
  readonly #notice = element('p', { class: 'notice', 'data-corrected': true, hidden: true });
  readonly #form: BallotForm;
  readonly #outcome = element('p', { class: 'outcome', hidden: true });
  #prediction: PredictionItem;
  #tally: TallyItem | undefined;

  constructor(
    private readonly context: CardContext,
    prediction: PredictionItem,
    /** The fan's prediction was recorded. */
    predicted: () => void,
  ) {
    this.#prediction = prediction;
    const { id } = prediction;
    const cast = async (choices: readonly string[]) => {
      const reply = await context.hub.vote(id, choices);
      predicted();
      return reply;
    };
    this.#form = new BallotForm(context, { id, texts: predictionTexts, cast }, 'h2');
    setText(this.#corrected, context.words('corrected'));
    setText(this.#notice, context.words('predictionCorrected'));
    const state = element('p', { class: 'state' }, this.#badge, this.#corrected, ' ', this.#timer);
    this.root = element('article', { 'data-prediction': id }, state, this.#notice, this.#form.root, this.#outcome);
  }

  /** Shows the prediction as it now is. @param tally the running count, where it may be seen. */
  update(prediction: PredictionItem, tally: TallyItem | undefined): void {
    this.#prediction = prediction;
    this.#tally = prediction.tally !== undefined && (tally === undefined || prediction.tally.final) ? prediction.tally : tally;
    this.render();
  }

  /** Time went by. */
  tick(): void {
    setText(this.#timer, this.#prediction.state === 'open' ? closingText(this.context, this.#prediction) : '');
  }

  /** Undefined unless it is settled. */
  get outcome(): Outcome | undefined {
    const own = this.context.own.of(this.#prediction.id);
    if (this.#prediction.state !== 'settled') return undefined;
    return own === undefined ? 'none' : this.hits > 0 ? 'right' : 'wrong';
  }

  /** How many of the outcomes that came true the fan named: each brings the points. */
  get hits(): number {
    const { id, correct = [] } = this.#prediction;
    return (this.context.own.of(id) ?? []).filter((choice) => correct.includes(choice)).length;
  }

  /** What became of the fan's prediction, in words; empty unless it is settled. */
  get outcomeText(): string {
    const { words, formats } = this.context;
    const { outcome } = this;
    const points = formats.count(this.#prediction.points * this.hits);
    return outcome === undefined ? '' : words(({ right: 'hit', wrong: 'miss', none: 'noPrediction' } as const)[outcome], { n: points });
  }

  render(): void {
    const { words, own } = this.context;
    const { id, state, title, lang, options, maxChoices, changeable, correct, settlement = 1 } = this.#prediction;
    const predicted = own.of(id) !== undefined;
    setAttribute(this.root, 'data-state', state);
    setAttribute(this.root, 'data-voted', predicted ? '' : undefined);
    setText(this.#badge, `${words('prediction')} · ${words(state === 'closed' ? 'locked' : state)}`);
    this.#corrected.hidden = this.#notice.hidden = settlement < 2;
    this.tick();
    this.#form.show({
      title,
      lang: lang ?? words.lang,
      options,
      maxChoices,
      changeable,
      open: state === 'open',
      hint: this.#hint(predicted),
      tally: this.#tally,
      correct: state === 'settled' ? (correct ?? []) : undefined,
    });
    this.#renderOutcome();
  }

  #hint(predicted: boolean): string {
    const { words, formats } = this.context;
    const { state, maxChoices, visibility, correct, points } = this.#prediction;
    if (state === 'settled') return words((correct?.length ?? 0) === 0 ? 'settledNoneNote' : 'settledNote');
    if (state !== 'open') return words(({ closed: 'lockedNote', void: 'voidNote', cancelled: 'predictionCancelled' } as const)[state]);
    return `${chooseHint(this.context, maxChoices, visibility, predicted)} ${words('hitWorth', { n: formats.count(points) })}`;
  }

  #renderOutcome(): void {
    this.#outcome.hidden = this.outcome === undefined;
    setAttribute(this.#outcome, 'data-outcome', this.outcome);
    setText(this.#outcome, this.outcomeText);
  }
}
