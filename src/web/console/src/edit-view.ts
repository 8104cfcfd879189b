import { element } from '../../fan/src/dom.js';
import type { Context, View } from './context.js';
import { ApiFailure, remedyFor } from './failures.js';
import type { Field } from './field.js';
import { formOf, type FormOf } from './forms.js';
import { LanguagesBar } from './languages-bar.js';
import { languagesOf, textsIn } from './locales.js';
import { Notice } from './notice.js';
import { stepsOf } from './paths.js';
import { Preview, type Previewed } from './preview.js';
import { focusFirstProblem } from './problem-line.js';
import type { Channel, Item, Kind } from './types.js';

/** Makes a draft, or changes one. */
export class EditView implements View {
  readonly root: HTMLElement;
  readonly title: string;
  readonly #form: FormOf<Kind, unknown>;
  readonly #field: Field<unknown>;
  readonly #notice: Notice;
  readonly #preview: Preview;
  readonly #languages: LanguagesBar;
  readonly #save: HTMLButtonElement;
  #clean = '';
  #busy = false;

  constructor(
    private readonly context: Context,
    private readonly channel: Channel,
    private readonly kind: Kind,
    private item: Item | undefined,
  ) {
    const { words, formats } = context;
    this.title = words(`${item === undefined ? 'new' : 'edit'}_${kind}`);
    this.#form = formOf(kind);
    this.#field = this.#form.make({ words, zone: formats.zone(Date.now()), announce: (text) => context.announce(text) });
    this.#notice = new Notice(words);
    this.#preview = new Preview(words);
    this.#languages = new LanguagesBar(words, languagesOf(channel, ...textsIn(item)), (tags) => {
      this.#field.languages(tags);
      this.#showPreview();
    });
    this.#save = element('button', { type: 'submit', 'data-action': 'save' }, words('save'));
    const back = element('a', { href: context.href(this.#place()), class: 'button plain', 'data-action': 'back' }, words('back'));
    const form = element('form', { novalidate: true }, this.#languages.root, this.#field.root, this.#notice.root, element('div', { class: 'buttons foot' }, this.#save, back), this.#preview.root);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    form.addEventListener('input', () => this.#showPreview());
    this.root = element('section', { 'data-form': kind, 'data-id': item?.id }, element('h1', { tabindex: -1 }, this.title), form);
    this.#field.languages(this.#languages.tags);
    this.#show(item);
  }

  isDirty(): boolean {
    return this.#written() !== this.#clean;
  }

  #show(item: Item | undefined): void {
    this.item = item;
    this.#field.clear();
    this.#field.write(item === undefined ? this.#form.blank() : this.#form.values(item));
    this.#clean = this.#written();
    this.#showPreview();
  }

  #written(): string {
    return JSON.stringify(this.#field.read());
  }

  #showPreview(): void {
    this.#preview.show(this.#form.body(this.#field.read()).body as Previewed, this.#languages.tags, this.channel.defaultLocale);
  }

  async #submit(): Promise<void> {
    if (this.#busy) return;
    this.#field.clear();
    const { body, errors } = this.#form.body(this.#field.read());
    if (Object.keys(errors).length > 0) return this.#refuse(errors);
    this.#working(true);
    this.#notice.say(this.context.words('saving'), 'busy');
    try {
      const { desk } = this.context;
      const saved = this.item === undefined ? await desk.create(this.kind, { channel: this.channel.id, ...body }) : await desk.edit(this.item, body);
      this.#done(saved);
    } catch (failure) {
      this.#working(false);
      await this.#failed(failure);
    }
  }

  #working(on: boolean): void {
    this.#busy = on;
    this.#save.disabled = on;
  }

  #done(saved: Item): void {
    this.item = saved;
    this.#clean = this.#written();
    this.context.announce(this.context.words('saved'));
    this.context.go(this.#place());
  }

  async #failed(failure: unknown): Promise<void> {
    const { words } = this.context;
    const remedy = remedyFor(failure);
    if (remedy === 'again') {
      this.#notice.lost(() => void this.#submit());
    } else if (remedy === 'fields' && failure instanceof ApiFailure) {
      return this.#refuse(failure.errors);
    } else if (remedy === 'overtaken' && this.item !== undefined) {
      return this.#overtaken(this.item);
    } else {
      this.#notice.say(words('refused', { text: (failure as Error).message }), 'bad');
    }

    this.#notice.focus();
  }

  /** What was written stays: the editor decides between the two. */
  async #overtaken(before: Item): Promise<void> {
    const { words, desk } = this.context;
    try {
      const theirs = await desk.get(this.kind, before.id);
      // An answer that was lost: it is our own change that was faster.
      if (JSON.stringify(this.#form.values(theirs)) === this.#written()) return this.#done(theirs);
      const mine = (): void => {
        this.item = theirs;
        void this.#submit();
      };
      this.#notice.say(
        words('theirs'),
        'bad',
        { label: words('takeTheirs'), name: 'theirs', run: () => (this.#notice.clear(), this.#show(theirs)) },
        { label: words('keepMine'), name: 'mine', run: mine },
      );
    } catch {
      this.#notice.lost(() => void this.#submit());
    }

    this.#notice.focus();
  }

  #refuse(errors: Readonly<Record<string, readonly string[]>>): void {
    const { words } = this.context;
    const all = Object.entries(errors).flatMap(([path, texts]) => texts.map((text) => ({ path, text })));
    for (const { path, text } of all) this.#field.refuse(stepsOf(path), words.refusal(text));
    this.#notice.say(words('mend', { n: String(all.length) }), 'bad');
    focusFirstProblem(this.#field.root);
  }

  #place(): { view: 'item'; channel: string; kind: Kind; id: string } | { view: 'channel'; channel: string } {
    const channel = this.channel.id;
    return this.item === undefined ? { view: 'channel', channel } : { view: 'item', channel, kind: this.kind, id: this.item.id };
  }
}
