import { element } from '../../fan/src/dom.js';
import type { Command, CommandName } from './commands.js';
import type { Kind } from './types.js';
import type { Words } from './words.js';

/** The steps that can be taken now, as buttons. While one is carried out, none can be pressed. */
export class CommandBar {
  readonly root: HTMLElement;
  #shown = '';
  #last: CommandName | undefined;

  constructor(
    private readonly words: Words,
    private readonly kind: Kind,
    private readonly press: (command: Command) => void,
  ) {
    this.root = element('div', { class: 'commands', role: 'group', 'aria-label': words('commands') });
  }

  /** `first`: the next question is the first one, and called so. */
  show(commands: readonly Command[], first = false): void {
    const shape = JSON.stringify([commands, first]);
    if (shape === this.#shown) return;
    const held = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-command]');
    const name = held !== null && held !== undefined && this.root.contains(held) ? held.dataset['command'] : undefined;
    this.#shown = shape;
    this.root.hidden = commands.length === 0;
    this.root.replaceChildren(...commands.map((command) => this.#button(command, first)));
    this.#find(name)?.focus();
  }

  /** The button that was pressed is where the keyboard is: it stays there, if there is such a button still. */
  focusLast(): boolean {
    const button = this.#find(this.#last);
    button?.focus();
    return button !== undefined;
  }

  disable(on: boolean): void {
    for (const button of this.root.querySelectorAll('button')) button.disabled = on;
  }

  #button(command: Command, first: boolean): HTMLButtonElement {
    const { name, usual } = command;
    const text = name === 'next' && first ? this.words('do_first') : this.words.of('do', this.kind, name);
    const button = element('button', { type: 'button', class: usual ? undefined : command.grave ? 'plain grave' : 'plain', 'data-command': name }, text);
    button.addEventListener('click', () => {
      this.#last = name;
      this.press(command);
    });
    return button;
  }

  #find(name: string | undefined): HTMLElement | undefined {
    return name === undefined ? undefined : (this.root.querySelector<HTMLElement>(`[data-command="${name}"]`) ?? undefined);
  }
}
