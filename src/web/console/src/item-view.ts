import { element, setAttribute, setLanguage, setText } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import { canEdit } from './commands.js';
import type { Context, View } from './context.js';
import { CountStage } from './count-stage.js';
import { exportButtons } from './exports.js';
import { languagesOf, textFor, textsIn } from './locales.js';
import { Poller } from './poller.js';
import { Preview } from './preview.js';
import { QuizStage } from './quiz-stage.js';
import type { Stage } from './stage.js';
import { Steps } from './steps.js';
import { timeWords } from './time-words.js';
import type { Channel, Item } from './types.js';

const liveMs = 1_000;
const quietMs = 5_000;
const live = new Set(['scheduled', 'open', 'running', 'closed', 'published']);

/** One item: what it is, what can be done with it, and what comes in while it runs. */
export class ItemView implements View {
  readonly root: HTMLElement;
  readonly #title = element('h1', { tabindex: -1 });
  readonly #badge = element('span', { class: 'badge' });
  readonly #time = element('span', { class: 'time' });
  readonly #edit: HTMLAnchorElement;
  readonly #steps: Steps;
  readonly #stage: Stage | undefined;
  readonly #preview: Preview;
  readonly #exports: HTMLElement;
  readonly #poller: Poller;

  constructor(
    private readonly context: Context,
    private readonly channel: Channel,
    private item: Item,
    fanToken: () => string | undefined,
  ) {
    const { words } = context;
    const standard = channel.defaultLocale;
    this.#steps = new Steps(context, standard, { item: () => this.item, take: (newer) => this.#stepped(newer), look: () => this.#look(), fanToken });
    this.#edit = element('a', { class: 'button plain', 'data-action': 'edit', href: context.href({ view: 'edit', channel: channel.id, kind: item.kind, id: item.id }) }, words('edit'));
    this.#stage = item.kind === 'quiz' ? new QuizStage(context, standard) : item.kind === 'announcement' ? undefined : new CountStage(context, standard);
    this.#preview = new Preview(words);
    this.#exports = exportButtons(context, () => this.item);
    const { notice, usual, settle, grave } = this.#steps;
    const stage = this.#stage === undefined ? [] : [this.#stage.root];
    this.root = element(
      'section',
      { 'data-kind': item.kind, 'data-id': item.id },
      element('p', { class: 'state' }, element('span', {}, words(`kind_${item.kind}`)), this.#badge, this.#time),
      this.#title,
      notice.root,
      element('div', { class: 'act' }, usual.root, this.#edit),
      settle,
      ...stage,
      this.#preview.root,
      this.#exports,
      grave,
    );
    this.#render(false);
    this.#poller = new Poller(() => this.#look(), () => (live.has(this.item.state) ? liveMs : quietMs));
    void this.#poller.now();
    void context.clock.measure();
  }

  get title(): string {
    return textFor(this.item.title, this.channel.defaultLocale, this.channel.defaultLocale).text;
  }

  tick(): void {
    setText(this.#time, timeWords(this.item, this.context));
    this.#stage?.tick();
  }

  close(): void {
    this.#poller.stop();
  }

  /** Takes what is newer than what is shown; answers may overtake one another. */
  #take(item: Item, looked: boolean): void {
    if (item.version < this.item.version) return;
    this.item = item;
    this.#render(looked);
  }

  /** A step was taken: what comes of it is not to wait for the next look. */
  #stepped(item: Item): void {
    this.#take(item, false);
    void this.#poller.now();
  }

  async #look(): Promise<void> {
    const before = this.item.state;
    try {
      this.#take(await this.context.desk.get(this.item.kind, this.item.id), true);
    } catch {
      // The header says that there is no connection; the next look may succeed.
      return;
    }

    if (this.item.state !== before && !this.#steps.isBusy) this.#steps.notice.say(this.context.words('nowIs', { state: this.#stateWords() }), 'good');
  }

  #render(looked: boolean): void {
    const { item, channel } = this;
    const said = textFor(item.title, channel.defaultLocale, channel.defaultLocale);
    setAttribute(this.root, 'data-state', item.state);
    setAttribute(this.root, 'data-version', String(item.version));
    setText(this.#title, said.text);
    setLanguage(this.#title, said.lang, directionOf(said.lang));
    setText(this.#badge, this.#stateWords());
    this.#edit.hidden = !canEdit(item);
    this.#steps.show(item);
    this.#stage?.show(item, looked);
    this.#exports.hidden = !isCounted(item);
    this.#preview.root.hidden = !canEdit(item) && item.kind !== 'announcement';
    if (!this.#preview.root.hidden) this.#preview.show(item, languagesOf(channel, ...textsIn(item)), channel.defaultLocale);
    this.tick();
  }

  #stateWords(): string {
    return this.context.words.of('state', this.item.kind, this.item.state);
  }
}

/** Whether something was counted that can be taken home. */
function isCounted(item: Item): boolean {
  if (item.kind === 'announcement') return false;
  if (item.kind !== 'quiz') return item.result !== undefined;
  return item.state !== 'running' && item.questions.some((question) => question.result !== undefined);
}
