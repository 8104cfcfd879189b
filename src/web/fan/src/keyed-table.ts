import { afterMs } from './announcer.js';
import { element, putInOrder, replaceContents, setAttribute, setText } from './dom.js';

export interface Column<T> {
  /** Names the column in the style sheet. */
  readonly id: string;
  readonly header: string;
  /** What is seen of the header, where it is shorter than what is read out. */
  readonly short?: string;
  /** Says what the row is about. */
  readonly rowHeader?: boolean;
  cell(row: T): (Node | string)[];
}

export interface Row<T> {
  readonly key: string;
  readonly data: T;
  /** It changed just now, and is highlighted for a while. */
  readonly changed: boolean;
  /** It is about the reader. */
  readonly own?: boolean;
}

const highlightMs = 6_000;

/** A table that follows what it shows, row by row: those that stay the same are not touched, those that changed are highlighted for a while. */
export class KeyedTable<T> {
  readonly root: HTMLElement;
  readonly #caption = element('caption');
  readonly #head = element('tr');
  readonly #body = element('tbody');
  readonly #rows = new Map<string, { root: HTMLElement; was: string; fade: () => void }>();
  #shape = '';

  constructor(className: string, captionSeen: boolean) {
    if (!captionSeen) this.#caption.className = 'unseen';
    this.root = element('div', { class: 'scroll' }, element('table', { class: className }, this.#caption, element('thead', {}, this.#head), this.#body));
    // A table that is wider than its place scrolls there, by keyboard too.
    new ResizeObserver(() => this.#settleScrolling()).observe(this.root);
  }

  show(caption: string, columns: readonly Column<T>[], rows: readonly Row<T>[]): void {
    setText(this.#caption, caption);
    const shape = JSON.stringify(columns.map((column) => [column.id, column.header]));
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#head.replaceChildren(...columns.map(header));
      for (const row of this.#rows.values()) row.was = '';
    }

    const wanted = new Set(rows.map((row) => row.key));
    for (const [key, row] of this.#rows) {
      if (wanted.has(key)) continue;
      row.fade();
      this.#rows.delete(key);
    }

    for (const row of rows) this.#showRow(row, columns);
    putInOrder(this.#body, rows.map((row) => this.#rows.get(row.key)!.root));
    this.#settleScrolling();
  }

  #showRow(row: Row<T>, columns: readonly Column<T>[]): void {
    const held = this.#rows.get(row.key) ?? { root: element('tr'), was: '', fade: () => undefined };
    this.#rows.set(row.key, held);
    setAttribute(held.root, 'data-own', row.own === true ? '' : undefined);
    const now = JSON.stringify(row.data);
    if (held.was !== now) {
      held.was = now;
      const cells = columns.map((column) => element(column.rowHeader ? 'th' : 'td', { class: column.id, scope: column.rowHeader ? 'row' : undefined }, ...column.cell(row.data)));
      replaceContents(held.root, cells);
    }

    if (!row.changed) return;
    held.fade();
    setAttribute(held.root, 'data-changed', '');
    const cancel = afterMs(highlightMs, () => held.fade());
    held.fade = () => {
      cancel();
      held.root.removeAttribute('data-changed');
    };
  }

  #settleScrolling(): void {
    const scrolls = this.root.scrollWidth > this.root.clientWidth + 1;
    setAttribute(this.root, 'tabindex', scrolls ? '0' : undefined);
    setAttribute(this.root, 'role', scrolls ? 'region' : undefined);
    setAttribute(this.root, 'aria-label', scrolls ? (this.#caption.textContent ?? '') : undefined);
  }
}

function header<T>(column: Column<T>): HTMLElement {
  const text = column.short === undefined ? [column.header] : [element('span', { 'aria-hidden': 'true' }, column.short), element('span', { class: 'unseen' }, column.header)];
  return element('th', { scope: 'col', class: column.id }, ...text);
}
