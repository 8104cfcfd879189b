type Child = FakeElement | string;

/** As much of a browser's document as the page's parts need: a tree of elements with attributes and text. */
export class FakeElement {
  parent: FakeElement | undefined;
  readonly attributes = new Map<string, string>();
  readonly scrollWidth = 0;
  readonly clientWidth = 0;
  #nodes: Child[] = [];

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

  setAttribute = (name: string, value: string): void => void this.attributes.set(name, value);
  getAttribute = (name: string): string | null => this.attributes.get(name) ?? null;
  removeAttribute = (name: string): void => void this.attributes.delete(name);
  addEventListener = (): void => undefined;
  focus = (): void => undefined;

  append(...nodes: Child[]): void {
    for (const node of nodes) this.#adopt(node);
    this.#nodes.push(...nodes);
  }

  replaceChildren(...nodes: Child[]): void {
    this.#nodes = [];
    this.append(...nodes);
  }

  insertBefore(node: FakeElement, before: FakeElement | null): void {
    this.#adopt(node);
    this.#nodes.splice(before === null ? this.#nodes.length : this.#nodes.indexOf(before), 0, node);
  }

  remove(): void {
    if (this.parent !== undefined) this.parent.#nodes = this.parent.#nodes.filter((node) => node !== this);
    this.parent = undefined;
  }

  contains(other: FakeElement): boolean {
    return other === this || this.children.some((child) => child.contains(other));
  }

  /** All elements below with one of the tags. */
  querySelectorAll(tags: string): FakeElement[] {
    const wanted = tags.split(', ');
    return this.children.flatMap((child) => [...(wanted.includes(child.tag) ? [child] : []), ...child.querySelectorAll(tags)]);
  }

  /** What can be seen, a space between elements. */
  get seen(): string {
    if (this.hidden) return '';
    return this.#nodes.map((node) => (typeof node === 'string' ? node : ` ${node.seen}`)).join('').replace(/\s+/g, ' ').trim();
  }

  #adopt(node: Child): void {
    if (typeof node === 'string') return;
    node.remove();
    node.parent = this;
  }
}

/** Puts the fakes where the browser's own would be. */
export function fakeDocument(): void {
  const body = new FakeElement('body');
  Object.assign(globalThis, {
    document: { createElement: (tag: string) => new FakeElement(tag), activeElement: body },
    HTMLElement: FakeElement,
    ResizeObserver: class {
      observe(): void {
        return undefined;
      }
    },
  });
}
