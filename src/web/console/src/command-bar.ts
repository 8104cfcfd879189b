import { element } from '../../fan/src/dom.js';
import type { Command, CommandName } from './commands.js';
import type { Kind } from './types.js';
import type { Words } from './words.js';

/** The steps that can be taken now, as buttons. While one is carried out, none can be pressed. */
export class CommandBar {
  readonly root: HTMLElement;
  #shown = '';

  constructor(
    private readonly words: Words,
    private readonly kind: Kind,
    label: string,
    private readonly press: (command: Command) => void,
  ) {
    this.root = element('div', { class: 'commands', role: 'group', 'aria-label': label });
  }

  show(commands: readonly Command[]): void {
    const shape = JSON.stringify(commands);
    if (shape === this.#shown) return;
    const held = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-command]');
    const name = held !== null && held !== undefined && this.root.contains(held) ? held.dataset['command'] : undefined;
    this.#shown = shape;
    this.root.hidden = commands.length === 0;
    this.root.replaceChildren(...commands.map((command) => this.#button(command)));
    this.#find(name)?.focus();
  }

  /** Puts the focus on a step's button, if it is here. */
  focus(name: CommandName | undefined): boolean {
    const button = this.#find(name);
    button?.focus();
    return button !== undefined;
  }

  disable(on: boolean): void {
    for (const button of this.root.querySelectorAll('button')) button.disabled = on;
  }

  #button(command: Command): HTMLButtonElement {
    const { name, usual } = command;
    const button = element('button', { type: 'button', class: usual ? undefined : command.grave ? 'plain grave' : 'plain', 'data-command': name }, this.words.of('do', this.kind, name));
    button.addEventListener('click', () => this.press(command));
    return button;
  }

  #find(name: string | undefined): HTMLElement | undefined {
    return name === undefined ? undefined : (this.root.querySelector<HTMLElement>(`[data-command="${name}"]`) ?? undefined);
  }
}
