import { element, setAttribute, setLanguage, setText } from '../../fan/src/dom.js';
import { countdown, directionOf } from '../../fan/src/format.js';
import { certifiedFacts } from './certified.js';
import { currentQuestion } from './commands.js';
import type { Context } from './context.js';
import { ballotWords, CountTable } from './count-table.js';
import { textFor } from './locales.js';
import type { Stage } from './stage.js';
import type { Item, Question, Quiz } from './types.js';

/** A quiz on stage: the question that it is at, large, with its time and its answers; below it all of them. */
export class QuizStage implements Stage {
  readonly root = element('div', { class: 'stage' });
  readonly #number = element('p', { class: 'hint' });
  readonly #state = element('span', { class: 'badge' });
  readonly #text = element('h2', { class: 'large' });
  readonly #timer = element('p', { class: 'countdown', role: 'timer' });
  readonly #count: CountTable;
  readonly #certified = element('div');
  readonly #current: HTMLElement;
  readonly #list = element('ol', { class: 'questions' });
  #question: Question | undefined;
  #drawn = '';

  constructor(
    private readonly context: Context,
    private readonly standard: string,
  ) {
    const { words, formats } = context;
    this.#count = new CountTable(words, formats, words('right'));
    this.#current = element('section', { class: 'panel current', 'data-current': '' }, element('div', { class: 'state' }, this.#number, this.#state), this.#text, this.#timer, this.#count.root, this.#certified);
    this.root.append(this.#current, element('section', { class: 'panel' }, element('h2', {}, words('allQuestions')), this.#list));
  }

  show(item: Item, looked: boolean): void {
    if (item.kind !== 'quiz') return;
    const { words } = this.context;
    const question = currentQuestion(item);
    this.#question = question;
    this.#current.hidden = question === undefined;
    setAttribute(this.#current, 'data-current', question?.id ?? '');
    setAttribute(this.#current, 'data-question-state', question?.state);
    setText(this.#number, question === undefined ? '' : words('questionOf', { n: String(item.current), of: String(item.questions.length) }));
    setText(this.#state, question === undefined ? '' : words.of('state', 'quiz', question.state));
    const said = textFor(question?.text, this.standard, this.standard);
    setText(this.#text, said.text);
    setLanguage(this.#text, said.lang, directionOf(said.lang));
    this.#count.show(question?.options ?? [], question?.result ?? question?.tally, this.standard, question?.correct, looked && question?.state === 'open' ? words('noCount') : '');
    this.#draw(item, question);
    this.tick();
  }

  tick(): void {
    const question = this.#question;
    const open = question?.state === 'open' && question.closesAt !== undefined;
    this.#timer.hidden = !open;
    if (!open) return;
    const left = Date.parse(question.closesAt!) - this.context.clock.now();
    setText(this.#timer, left > 0 ? countdown(left) : this.context.words('closing'));
  }

  /** What changes seldom. */
  #draw(quiz: Quiz, question: Question | undefined): void {
    const shape = JSON.stringify([quiz.version, question?.result?.digest, quiz.questions.map((one) => [one.state, one.result?.digest])]);
    if (shape === this.#drawn) return;
    this.#drawn = shape;
    const { words, formats } = this.context;
    const facts = question?.result === undefined ? [] : [element('details', {}, element('summary', {}, words('certified')), certifiedFacts(question.result, words, formats))];
    this.#certified.replaceChildren(...facts);
    this.#list.replaceChildren(...quiz.questions.map((one) => this.#line(one)));
  }

  #line(question: Question): HTMLElement {
    const { words, formats } = this.context;
    const { text, lang } = textFor(question.text, this.standard, this.standard);
    const title = element('span', {}, text);
    setLanguage(title, lang, directionOf(lang));
    const ballots = question.result === undefined ? '' : ` · ${ballotWords(words, formats, question.result.ballots)}`;
    const right = question.options.filter((option) => question.correct.includes(option.id)).map((option) => textFor(option.label, this.standard, this.standard).text);
    return element(
      'li',
      { 'data-question': question.id, 'data-state': question.state },
      title,
      element('p', { class: 'hint' }, element('span', { class: 'badge' }, words.of('state', 'quiz', question.state)), ` ✓ ${right.join(', ')}${ballots}`),
    );
  }
}
