import { element, setAttribute, setText } from './dom.js';

export interface RowLink {
  readonly href: string;
  readonly text: string;
  readonly current: boolean;
}

/** A row of links to choose from. Links stay where they are while what they say changes, and so does the focus. */
export class LinkRow {
  readonly root: HTMLElement;

  constructor(label: string, className = 'chips scrolling') {
    this.root = element('nav', { class: className, 'aria-label': label, hidden: true });
  }

  show(links: readonly RowLink[]): void {
    this.root.hidden = links.length === 0;
    while (this.root.children.length > links.length) this.root.lastElementChild!.remove();
    links.forEach((link, i) => {
      const held = (this.root.children[i] as HTMLElement | undefined) ?? this.root.appendChild(element('a'));
      setText(held, link.text);
      setAttribute(held, 'href', link.href);
      if (link.current && !held.hasAttribute('aria-current')) this.#bringIntoView(held);
      setAttribute(held, 'aria-current', link.current ? 'true' : undefined);
    });
  }

  /** Within the row alone, where it scrolls: the page stays where it is. */
  #bringIntoView(link: HTMLElement): void {
    requestAnimationFrame(() => {
      const [row, own] = [this.root.getBoundingClientRect(), link.getBoundingClientRect()];
      this.root.scrollBy({ left: own.left + own.width / 2 - (row.left + row.width / 2) });
    });
  }
}
