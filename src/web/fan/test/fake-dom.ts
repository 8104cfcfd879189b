type Child = FakeElement | string;
type Listener = (event: FakeEvent) => void;

/** As much of an event as the page's parts look at. */
export interface FakeEvent {
  readonly type: string;
  preventDefault(): void;
}

/** As much of a browser's document as the page's parts need: a tree of elements with attributes and text, events that bubble, and a focus. */
export class FakeElement {
  parent: FakeElement | undefined;
  readonly attributes = new Map<string, string>();
  readonly style = { values: new Map<string, string>(), setProperty: (name: string, value: string): void => void this.style.values.set(name, value) };
  readonly scrollWidth = 0;
  readonly clientWidth = 0;
  disabled = false;
  checked = false;
  open = false;
  value = '';
  #nodes: Child[] = [];
  readonly #listeners = new Map<string, Listener[]>();

  constructor(readonly tag: string) {}

  get children(): FakeElement[] {
    return this.#nodes.filter((node): node is FakeElement => node instanceof FakeElement);
  }

  get textContent(): string {
    return this.#nodes.map((node) => (typeof node === 'string' ? node : node.textContent)).join('');
  }

  set textContent(text: string) {
    this.replaceChildren(text);
  }

  get hidden(): boolean {
    return this.attributes.has('hidden');
  }

  set hidden(on: boolean) {
    if (on) this.attributes.set('hidden', '');
    else this.attributes.delete('hidden');
  }

  set className(name: string) {
    this.attributes.set('class', name);
  }

  setAttribute = (name: string, value: string): void => {
    this.attributes.set(name, value);
    if (name === 'value') this.value = value;
  };
  getAttribute = (name: string): string | null => this.attributes.get(name) ?? null;
  hasAttribute = (name: string): boolean => this.attributes.has(name);
  removeAttribute = (name: string): void => void this.attributes.delete(name);

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** Something happens here, and is heard of here and above. */
  dispatch(type: string): void {
    for (let at: FakeElement | undefined = this; at !== undefined; at = at.parent) for (const listener of at.#listeners.get(type) ?? []) listener({ type, preventDefault: () => undefined });
  }

  /** Takes the focus, where it can be seen. */
  focus(): void {
    for (let at: FakeElement | undefined = this; at !== undefined; at = at.parent) if (at.hidden) return;
    if (!this.disabled) focusOn(this);
  }

  append(...nodes: Child[]): void {
    for (const node of nodes) this.#adopt(node);
    this.#nodes.push(...nodes);
  }

  replaceChildren(...nodes: Child[]): void {
    for (const child of this.children) child.remove();
    this.#nodes = [];
    this.append(...nodes);
  }

  insertBefore(node: FakeElement, before: FakeElement | null): void {
    this.#adopt(node);
    this.#nodes.splice(before === null ? this.#nodes.length : this.#nodes.indexOf(before), 0, node);
  }

  remove(): void {
    if (this.parent === undefined) return;
    if (this.contains(focused())) focusOn(undefined);
    this.parent.#nodes = this.parent.#nodes.filter((node) => node !== this);
    this.parent = undefined;
  }

  contains(other: FakeElement | undefined): boolean {
    return other === this || this.children.some((child) => child.contains(other));
  }

  /** All elements below with one of the tags. */
  querySelectorAll(tags: string): FakeElement[] {
    const wanted = tags.split(', ');
    return this.children.flatMap((child) => [...(wanted.includes(child.tag) ? [child] : []), ...child.querySelectorAll(tags)]);
  }

  /** The first element below with this attribute. */
  find(attribute: string, value?: string): FakeElement {
    const all = this.children.flatMap((child) => [child, ...child.#below]);
    const found = all.find((one) => one.attributes.has(attribute) && (value === undefined || one.getAttribute(attribute) === value));
    if (found === undefined) throw new Error(`nothing has [${attribute}${value === undefined ? '' : `="${value}"`}]`);
    return found;
  }

  /** Ticks the option's control, as a fan would. */
  choose(option: string): void {
    const input = this.find('data-option', option).querySelectorAll('input')[0]!;
    if (input.getAttribute('type') === 'radio') for (const other of this.querySelectorAll('input')) other.checked = false;
    input.checked = input.getAttribute('type') === 'radio' || !input.checked;
    input.dispatch('change');
  }

  /** What can be seen, a space between elements. */
  get seen(): string {
    if (this.hidden) return '';
    return this.#nodes.map((node) => (typeof node === 'string' ? node : ` ${node.seen}`)).join('').replace(/\s+/g, ' ').trim();
  }

  get #below(): FakeElement[] {
    return this.children.flatMap((child) => [child, ...child.#below]);
  }

  #adopt(node: Child): void {
    if (typeof node === 'string') return;
    // Moving an element takes the focus out of it, as it does in a browser.
    node.remove();
    node.parent = this;
  }
}

interface FakeDocument {
  readonly body: FakeElement;
  activeElement: FakeElement;
}

/** What has the focus. */
export function focused(): FakeElement {
  return (globalThis as unknown as { document: FakeDocument }).document.activeElement;
}

function focusOn(element: FakeElement | undefined): void {
  const page = (globalThis as unknown as { document: FakeDocument }).document;
  page.activeElement = element ?? page.body;
}

/** Puts the fakes where the browser's own would be. */
export function fakeDocument(): void {
  const body = new FakeElement('body');
  const title = new FakeElement('h1');
  title.textContent = 'Title of the page';
  Object.assign(globalThis, {
    document: { createElement: (tag: string) => new FakeElement(tag), getElementById: () => title, activeElement: body, body },
    HTMLElement: FakeElement,
    ResizeObserver: class {
      observe(): void {
        return undefined;
      }
    },
  });
}
