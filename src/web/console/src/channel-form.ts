import { element } from '../../fan/src/dom.js';
import { channelBody, channelValues, newChannel, wordsOf, type ChannelValues } from './channel-values.js';
import type { Context, View } from './context.js';
import { LineField } from './controls.js';
import { ChannelExists } from './desk.js';
import { ApiFailure, remedyFor } from './failures.js';
import { GroupField, type Fields } from './group-field.js';
import { cleanTag, distinct } from './locales.js';
import { Notice } from './notice.js';
import { stepsOf } from './paths.js';
import { focusFirstProblem } from './problem-line.js';
import { TextsField } from './texts-field.js';
import type { Channel } from './types.js';

/** Makes a channel, or changes its name and languages. */
export class ChannelForm implements View {
  readonly root: HTMLElement;
  readonly title: string;
  readonly #fields: Fields<ChannelValues>;
  readonly #field: GroupField<ChannelValues>;
  readonly #notice: Notice;
  readonly #save: HTMLButtonElement;
  #clean: string;

  constructor(
    private readonly context: Context,
    private channel: Channel | undefined,
  ) {
    const { words } = context;
    this.title = words(channel === undefined ? 'newChannel' : 'settings');
    this.#fields = {
      id: new LineField({ label: words('channelId'), hint: words('channelIdHint') }, 'id', 'id'),
      defaultLocale: new LineField({ label: words('defaultLocale'), hint: words('defaultLocaleHint') }, 'id', 'defaultLocale'),
      requiredLocales: new LineField({ label: words('requiredLocales'), hint: words('requiredLocalesHint') }, 'id', 'requiredLocales'),
      title: new TextsField(words('channelTitle'), words.lang, 'title'),
    };
    const fields = this.#fields;
    fields.id.root.hidden = channel !== undefined;
    const root = element('div', { class: 'fields' }, fields.id.root, fields.defaultLocale.root, fields.requiredLocales.root, fields.title.root);
    this.#field = new GroupField(root, fields, {}, () => this.#arrange());
    this.#notice = new Notice(words);
    this.#save = element('button', { type: 'submit', 'data-action': 'save' }, words('saveChannel'));
    const back = element('a', { class: 'button plain', 'data-action': 'back', href: context.href(this.#back()) }, words('back'));
    const form = element('form', { novalidate: true }, root, this.#notice.root, element('div', { class: 'buttons foot' }, this.#save, back));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.root = element('section', { 'data-form': 'channel' }, element('h1', { tabindex: -1 }, this.title), form);
    this.#field.write(channel === undefined ? newChannel(words.lang) : channelValues(channel));
    this.#clean = this.#written();
  }

  isDirty(): boolean {
    return this.#written() !== this.#clean;
  }

  #written(): string {
    return JSON.stringify(this.#field.read());
  }

  /** The name is asked for in the languages that are being written; half a tag is none yet. */
  #arrange(): void {
    const tags = [this.#fields.defaultLocale.read(), ...wordsOf(this.#fields.requiredLocales.read())].map(cleanTag);
    this.#fields.title.languages(distinct(tags.filter((tag) => tag !== undefined)));
  }

  async #submit(): Promise<void> {
    const { words, desk, announce } = this.context;
    this.#field.clear();
    const values = this.#field.read();
    if (values.id.trim() === '') return this.#refuse({ id: ['is empty'] });
    this.#save.disabled = true;
    this.#notice.say(words('saving'), 'busy');
    try {
      this.channel = await desk.saveChannel(values.id.trim(), channelBody(values), this.channel?.version);
      this.#clean = this.#written();
      announce(words('saved'));
      this.context.go({ view: 'channel', channel: this.channel.id });
    } catch (failure) {
      this.#save.disabled = false;
      this.#failed(failure);
    }
  }

  #failed(failure: unknown): void {
    const { words } = this.context;
    if (failure instanceof ChannelExists) return this.#refuse({ id: [words('channelExists')] });
    const remedy = remedyFor(failure);
    if (remedy === 'fields') return this.#refuse((failure as ApiFailure).errors);
    if (remedy === 'again') this.#notice.lost(() => void this.#submit());
    else if (remedy === 'overtaken') this.#notice.say(words('theirs'), 'bad', { label: words('keepMine'), name: 'mine', run: () => void this.#overwrite() });
    else this.#notice.say(words('refused', { text: (failure as Error).message }), 'bad');
    this.#notice.focus();
  }

  async #overwrite(): Promise<void> {
    try {
      this.channel = await this.context.desk.channel(this.channel!.id);
    } catch (failure) {
      return this.#failed(failure);
    }

    await this.#submit();
  }

  #refuse(errors: Readonly<Record<string, readonly string[]>>): void {
    for (const [path, texts] of Object.entries(errors)) for (const text of texts) this.#field.refuse(stepsOf(path), this.context.words.refusal(text));
    this.#notice.say(this.context.words('mend', { n: String(Object.values(errors).flat().length) }), 'bad');
    focusFirstProblem(this.#field.root);
  }

  #back(): { view: 'channels' } | { view: 'channel'; channel: string } {
    return this.channel === undefined ? { view: 'channels' } : { view: 'channel', channel: this.channel.id };
  }
}
