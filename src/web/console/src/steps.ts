import { element } from '../../fan/src/dom.js';
import { CommandBar } from './command-bar.js';
import { canEdit, commandsFor, type Command, type CommandName } from './commands.js';
import type { Context } from './context.js';
import { remedyFor, type ApiFailure } from './failures.js';
import { missingTexts } from './missing-texts.js';
import { Notice } from './notice.js';
import { SettleForm } from './settle-form.js';
import type { Item } from './types.js';

/** What the steps need of whoever shows the item. */
export interface Stepped {
  /** The item as it is shown. */
  item(): Item;
  /** Shows what an answer says. */
  take(item: Item): void;
  /** Asks how it is now, and shows that. */
  look(): Promise<void>;
  /** The token of the fan that this device also is. */
  fanToken(): string | undefined;
}

/** Carries out what editors tell an item to do, one thing at a time, and says what came of it. */
export class Steps {
  readonly notice: Notice;
  /** What usually comes next: to stay in reach. */
  readonly usual: CommandBar;
  readonly settle = element('div');
  /** What cannot be undone: out of the way. */
  readonly grave: HTMLElement;
  readonly #graveBar: CommandBar;
  #settleForm: SettleForm | undefined;
  #pressed: CommandName | undefined;
  #busy = false;

  constructor(
    private readonly context: Context,
    private readonly standard: string,
    private readonly shown: Stepped,
  ) {
    const { words } = context;
    const press = (command: Command): void => void this.#press(command);
    this.notice = new Notice(words);
    this.usual = new CommandBar(words, shown.item().kind, words('commands'), press);
    this.#graveBar = new CommandBar(words, shown.item().kind, words('graveCommands'), press);
    this.grave = element('section', { class: 'panel' }, element('h2', {}, words('graveCommands')), this.#graveBar.root);
  }

  get isBusy(): boolean {
    return this.#busy;
  }

  /** Offers what the item's state allows. */
  show(item: Item): void {
    const commands = commandsFor(item);
    const grave = commands.filter((command) => command.grave);
    this.usual.show(commands.filter((command) => !command.grave));
    this.#graveBar.show(grave);
    this.grave.hidden = grave.length === 0;
    if (this.#busy) this.#disable(true);
    if (!commands.some(({ name }) => name === 'settle')) this.#closeSettle();
  }

  async #press(command: Command): Promise<void> {
    if (this.#busy) return;
    this.#pressed = command.name;
    if (command.name === 'settle') return this.#openSettle(command.grave);
    if (command.grave && !(await this.#isSure(command.name))) return;
    await this.#tell(this.shown.item(), command.name);
  }

  #isSure(name: CommandName): Promise<boolean> {
    const { words, confirm } = this.context;
    const item = this.shown.item();
    const detail = canEdit(item) ? words('detail_unseen') : words.of('detail', item.kind, name);
    return confirm({ question: words.of('ask', item.kind, name), detail, yes: words.of('yes', item.kind, name) });
  }

  #openSettle(again: boolean): void {
    const item = this.shown.item();
    if (item.kind !== 'prediction') return;
    const settle = async (correct: string[]): Promise<void> => {
      if (this.#busy || (again && !(await this.#isSure('settle')))) return;
      await this.#tell(this.shown.item(), 'settle', { correct });
    };
    this.#settleForm = new SettleForm(this.context.words, item.options, this.standard, (correct) => void settle(correct), () => {
      this.#closeSettle();
      this.#focusPressed();
    });
    this.settle.replaceChildren(this.#settleForm.root);
    this.#settleForm.focus();
  }

  #closeSettle(): void {
    if (this.#settleForm === undefined) return;
    this.#settleForm = undefined;
    this.settle.replaceChildren();
  }

  /** `item`: as it was shown when the editor decided, also where the same request is sent once more: if it happened, the first answer comes again. */
  async #tell(item: Item, name: CommandName, body?: unknown): Promise<void> {
    const { words, desk } = this.context;
    if (this.#busy) return;
    this.#work(true);
    this.notice.say(words('doing'), 'busy');
    // What was pressed cannot be pressed for now: the keyboard waits where the outcome is said.
    this.notice.focus();
    try {
      const now = await desk.tell(item, name, body, name === 'settle' ? this.shown.fanToken() : undefined);
      this.#work(false);
      this.#closeSettle();
      this.shown.take(now);
      this.notice.say(now.state === 'scheduled' ? words('done_scheduled') : words.of('done', item.kind, name), 'good');
      this.#focusPressed();
    } catch (failure) {
      await this.#fail(failure as ApiFailure, item, name, body);
      this.#work(false);
    }
  }

  async #fail(failure: ApiFailure, before: Item, name: CommandName, body: unknown): Promise<void> {
    const { words } = this.context;
    const text = failure.message;
    const remedy = remedyFor(failure);
    if (remedy === 'again') return this.notice.lost(() => void this.#tell(before, name, body));
    if (remedy === 'fields') {
      this.notice.say(words('cannotYet'), 'bad');
      return this.notice.add(missingTexts(failure.errors, words));
    }

    if (remedy === 'overtaken') {
      await this.shown.look();
      // Where nobody changed it, it is the step itself that is refused.
      const overtaken = this.shown.item().version > before.version;
      return this.notice.say(overtaken ? `${words('overtaken')} ${text}` : words('refused', { text }), 'bad');
    }

    this.notice.say(words('refused', { text: words.refusal(text).text }), 'bad');
  }

  #work(on: boolean): void {
    this.#busy = on;
    this.#disable(on);
  }

  #disable(on: boolean): void {
    for (const part of [this.usual, this.#graveBar, this.#settleForm]) part?.disable(on);
  }

  /** The keyboard stays on what was pressed, if that can be pressed again. */
  #focusPressed(): void {
    if (!this.usual.focus(this.#pressed)) this.#graveBar.focus(this.#pressed);
  }
}
