import { element, setAttribute, setLanguage, setText } from '../../fan/src/dom.js';
import { directionOf } from '../../fan/src/format.js';
import { CommandBar } from './command-bar.js';
import { canEdit, commandsFor, type Command, type CommandName } from './commands.js';
import type { Context, View } from './context.js';
import { CountStage } from './count-stage.js';
import { exportButtons } from './exports.js';
import { ApiFailure, remedyFor } from './failures.js';
import { languagesOf, textFor, textsIn } from './locales.js';
import { missingTexts } from './missing-texts.js';
import { Notice } from './notice.js';
import { Poller } from './poller.js';
import { Preview } from './preview.js';
import { QuizStage } from './quiz-stage.js';
import { SettleForm } from './settle-form.js';
import type { Stage } from './stage.js';
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
  readonly #notice: Notice;
  readonly #bar: CommandBar;
  readonly #edit: HTMLAnchorElement;
  readonly #stage: Stage | undefined;
  readonly #preview: Preview;
  readonly #exports: HTMLElement;
  readonly #settle = element('div');
  readonly #poller: Poller;
  #settleForm: SettleForm | undefined;
  #busy = false;

  constructor(
    private readonly context: Context,
    private readonly channel: Channel,
    private item: Item,
    private readonly fanToken: () => string | undefined,
  ) {
    const { words } = context;
    const standard = channel.defaultLocale;
    this.#notice = new Notice(words);
    this.#bar = new CommandBar(words, item.kind, (command) => void this.#press(command));
    this.#edit = element('a', { class: 'button plain', 'data-action': 'edit', href: context.href({ view: 'edit', channel: channel.id, kind: item.kind, id: item.id }) }, words('edit'));
    this.#stage = item.kind === 'quiz' ? new QuizStage(context, standard) : item.kind === 'announcement' ? undefined : new CountStage(context, standard);
    this.#preview = new Preview(words);
    this.#exports = exportButtons(context, () => this.item);
    const state = element('p', { class: 'state' }, element('span', {}, words(`kind_${item.kind}`)), this.#badge, this.#time);
    const act = element('div', { class: 'act' }, this.#bar.root, this.#edit);
    this.root = element('section', { 'data-kind': item.kind, 'data-id': item.id }, state, this.#title, this.#notice.root, act, this.#settle, ...(this.#stage === undefined ? [] : [this.#stage.root]), this.#exports, this.#preview.root);
    this.#render();
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
  #take(item: Item): void {
    if (item.version < this.item.version) return;
    this.item = item;
    this.#render();
  }

  async #look(): Promise<void> {
    const before = this.item.state;
    try {
      this.#take(await this.context.desk.get(this.item.kind, this.item.id));
    } catch {
      // The header says that there is no connection; the next look may succeed.
      return;
    }

    if (this.item.state !== before && !this.#busy) this.#notice.say(this.context.words('nowIs', { state: this.#stateWords() }), 'good');
  }

  #render(): void {
    const { item, channel } = this;
    const said = textFor(item.title, channel.defaultLocale, channel.defaultLocale);
    setAttribute(this.root, 'data-state', item.state);
    setAttribute(this.root, 'data-version', String(item.version));
    setText(this.#title, said.text);
    setLanguage(this.#title, said.lang, directionOf(said.lang));
    setText(this.#badge, this.#stateWords());
    this.#edit.hidden = !canEdit(item);
    const first = item.kind === 'quiz' && item.current === undefined;
    this.#bar.show(commandsFor(item), first);
    if (this.#busy) this.#bar.disable(true);
    if (this.#settleForm !== undefined && !commandsFor(item).some(({ name }) => name === 'settle')) this.#closeSettle();
    this.#stage?.show(item);
    this.#exports.hidden = !isCounted(item);
    this.#preview.root.hidden = !canEdit(item) && item.kind !== 'announcement';
    if (!this.#preview.root.hidden) this.#preview.show(item, languagesOf(channel, ...textsIn(item)), channel.defaultLocale);
    this.tick();
  }

  #stateWords(): string {
    return this.context.words.of('state', this.item.kind, this.item.state);
  }

  async #press(command: Command): Promise<void> {
    if (this.#busy) return;
    if (command.name === 'settle') return this.#openSettle(command.grave);
    if (command.grave && !(await this.#isSure(command.name))) return;
    await this.#tell(this.item, command.name);
  }

  #isSure(name: CommandName): Promise<boolean> {
    const { words, confirm } = this.context;
    const { kind } = this.item;
    return confirm({ question: words.of('ask', kind, name), detail: words.of('detail', kind, name), yes: words.of('yes', kind, name) });
  }

  #openSettle(again: boolean): void {
    if (this.item.kind !== 'prediction') return;
    const settle = async (correct: string[]): Promise<void> => {
      if (this.#busy || (again && !(await this.#isSure('settle')))) return;
      await this.#tell(this.item, 'settle', { correct });
    };
    this.#settleForm = new SettleForm(this.context.words, this.item.options, this.channel.defaultLocale, (correct) => void settle(correct), () => {
      this.#closeSettle();
      this.#bar.focusLast();
    });
    this.#settle.replaceChildren(this.#settleForm.root);
    this.#settleForm.focus();
  }

  #closeSettle(): void {
    this.#settleForm = undefined;
    this.#settle.replaceChildren();
  }

  /** `item`: as it was shown when the editor decided, also where the same request is sent once more: if it happened, the first answer comes again. */
  async #tell(item: Item, name: CommandName, body?: unknown): Promise<void> {
    const { words, desk } = this.context;
    this.#working(true);
    this.#notice.say(words('doing'), 'busy');
    // What was pressed cannot be pressed for now: the keyboard waits where the outcome is said.
    this.#notice.focus();
    try {
      const now = await desk.tell(item, name, body, name === 'settle' ? this.fanToken() : undefined);
      this.#working(false);
      this.#closeSettle();
      this.#take(now);
      this.#notice.say(now.state === 'scheduled' ? words('done_scheduled') : words.of('done', item.kind, name), 'good');
      this.#bar.focusLast();
    } catch (failure) {
      await this.#failed(failure, item, name, body);
      this.#working(false);
    }
  }

  #working(on: boolean): void {
    this.#busy = on;
    this.#bar.disable(on);
    this.#settleForm?.disable(on);
  }

  async #failed(failure: unknown, before: Item, name: CommandName, body: unknown): Promise<void> {
    const { words } = this.context;
    const remedy = remedyFor(failure);
    const text = (failure as Error).message;
    if (remedy === 'again') return this.#notice.lost(() => void this.#tell(before, name, body));
    if (remedy === 'fields') {
      this.#notice.say(words('cannotYet'), 'bad');
      return this.#notice.add(missingTexts((failure as ApiFailure).errors, words));
    }

    if (remedy === 'overtaken') {
      await this.#look();
      // Nobody changed it: it is the step itself that is refused.
      return this.#notice.say(this.item.version > before.version ? `${words('overtaken')} ${text}` : words('refused', { text }), 'bad');
    }

    const forbidden = name === 'settle' && (failure as ApiFailure).code === 'forbidden';
    this.#notice.say(forbidden ? `${words('votedYourself')} ${text}` : words('refused', { text }), 'bad');
  }
}

/** Whether something was counted that can be taken home. */
function isCounted(item: Item): boolean {
  if (item.kind === 'announcement') return false;
  return item.kind === 'quiz' ? item.questions.some((question) => question.result !== undefined) : item.result !== undefined;
}

