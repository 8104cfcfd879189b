import { FanHubError } from '@fanhub/client';
import { element } from './dom.js';
import { FormField } from './form-field.js';
import type { Me } from './me.js';
import type { Words } from './strings.js';

/** The name that others see: taken, given back, or refused with the server's reason. */
export class NameForm {
  readonly root: HTMLElement;
  readonly #field: FormField;
  readonly #drop: HTMLButtonElement;
  /** The fan has begun to write: what the server says is not to take its place. */
  #touched = false;
  #busy = false;

  constructor(
    private readonly words: Words,
    private readonly me: Me,
  ) {
    this.#drop = element('button', { type: 'button', class: 'quiet', hidden: true }, words('nameDrop'));
    const save = element('button', { type: 'submit' }, words('nameSave'));
    this.#field = new FormField(words('nameLabel'), words('nameHint'), { name: 'name', maxlength: 60, autocomplete: 'nickname', dir: 'auto' }, save, this.#drop);
    this.#field.input.addEventListener('input', () => (this.#touched = true));
    this.#field.onSubmit(() => void this.#save());
    this.#drop.addEventListener('click', () => void this.#rename(null));
    this.root = this.#field.root;
    this.root.setAttribute('data-form', 'name');
  }

  /** It is looked at: there is something to show in it. */
  async load(): Promise<void> {
    try {
      await this.me.load();
      this.#show();
    } catch {
      if (this.me.profile === undefined) this.#field.say(this.words('nameUnknown'));
    }
  }

  /** The fan is another one from now on. */
  forget(): void {
    this.#touched = false;
    this.#field.input.value = '';
    this.#field.say('');
    void this.load();
  }

  async #save(): Promise<void> {
    const name = this.#field.input.value.trim();
    if (name === '') return this.#field.refuse(this.words('nameEmpty'));
    await this.#rename(name);
  }

  async #rename(name: string | null): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#field.say(this.words('working'));
    try {
      const profile = await this.me.rename(name);
      this.#touched = false;
      this.#field.say(this.words('nameSaved', { name: profile.name }));
      this.#show();
      // The button that was pressed is gone.
      if (name === null) this.#field.input.focus();
    } catch (error) {
      // The server knows best what is wrong with a name.
      const refused = error instanceof FanHubError && error.code !== 'unavailable' && error.code !== 'internal';
      this.#field.refuse(refused ? error.message : this.words('nameFailed'));
    } finally {
      this.#busy = false;
    }
  }

  #show(): void {
    const profile = this.me.profile;
    if (profile === undefined) return;
    if (!this.#touched) this.#field.input.value = profile.name;
    this.#drop.hidden = !profile.chosen;
  }
}
