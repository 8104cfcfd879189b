import { element } from './dom.js';

/** Shows the first of many, and more of them at each press. */
export class MoreButton {
  readonly root: HTMLElement;
  #most: number;

  constructor(text: string, step: number, pressed: () => void) {
    this.#most = step;
    this.root = element('button', { type: 'button', class: 'more', hidden: true }, text);
    this.root.addEventListener('click', () => {
      this.#most += step;
      pressed();
    });
  }

  /** As many as are to be shown now. */
  some<T>(all: readonly T[]): readonly T[] {
    this.root.hidden = all.length <= this.#most;
    return all.slice(0, this.#most);
  }
}
