import { element } from '../../fan/src/dom.js';
import { wordsOf } from './channel-values.js';
import type { Context } from './context.js';
import { LineField } from './controls.js';
import { ApiFailure, remedyFor } from './failures.js';
import { Notice } from './notice.js';
import type { Channel } from './types.js';

/** What fans of a channel can tap. */
export class ReactionsForm {
  readonly root: HTMLElement;
  readonly #field: LineField;
  readonly #notice: Notice;
  readonly #save: HTMLButtonElement;
  #clean = '';
  #tag: string | undefined;

  constructor(
    private readonly context: Context,
    private readonly channel: Channel,
  ) {
    const { words } = context;
    this.#field = new LineField({ label: words('reactionNames'), hint: words('reactionsHint') }, 'id', 'reactions');
    this.#notice = new Notice(words);
    this.#field.root.hidden = true;
    this.#save = element('button', { type: 'submit', class: 'plain', 'data-action': 'save-reactions', hidden: true }, words('saveReactions'));
    const form = element('form', { novalidate: true, 'data-form': 'reactions' }, this.#field.root, this.#notice.root, this.#save);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.root = element('section', { class: 'panel' }, element('h2', {}, words('reactions')), form);
    void this.#load();
  }

  isDirty(): boolean {
    return this.#field.read() !== this.#clean;
  }

  async #load(): Promise<void> {
    try {
      const { value, tag } = await this.context.desk.reactions(this.channel.id);
      this.#taken(value, tag);
      this.#notice.clear();
    } catch (failure) {
      // Nobody has decided yet: there are none.
      if (failure instanceof ApiFailure && failure.status === 404) this.#taken([], undefined);
      else return this.#notice.say(this.context.words('lostHere'), 'bad', { label: this.context.words('tryAgain'), name: 'again', run: () => void this.#load() });
    }

    this.#field.root.hidden = false;
    this.#save.hidden = false;
  }

  #taken(reactions: readonly string[], tag: string | undefined): void {
    this.#tag = tag;
    this.#clean = reactions.join(' ');
    this.#field.write(this.#clean);
  }

  async #submit(): Promise<void> {
    const { words, desk } = this.context;
    this.#field.clear();
    this.#notice.say(words('saving'), 'busy');
    try {
      const { value, tag } = await desk.saveReactions(this.channel.id, wordsOf(this.#field.read()), this.#tag);
      this.#taken(value, tag);
      this.#notice.say(words('saved'), 'good');
    } catch (failure) {
      await this.#failed(failure);
    }
  }

  async #failed(failure: unknown): Promise<void> {
    const { words } = this.context;
    const remedy = remedyFor(failure);
    if (remedy === 'again') return this.#notice.lost(() => void this.#submit());
    if (remedy === 'overtaken') {
      await this.#load();
      return this.#notice.say(words('overtaken'), 'bad');
    }

    const texts = Object.values((failure as ApiFailure).errors).flat();
    for (const text of texts) this.#field.refuse([], words.refusal(text));
    this.#notice.say(texts.length > 0 ? words('mend', { n: String(texts.length) }) : words('refused', { text: (failure as Error).message }), 'bad');
    this.#field.control.focus();
  }
}
