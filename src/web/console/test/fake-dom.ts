/** As much of a browser's document as forms need. */
class FakeElement {
  parent: FakeElement | undefined;
  readonly attributes = new Map<string, string>();
  readonly dataset: Record<string, string> = {};
  readonly classList = { add: (): void => undefined };
  readonly isConnected = true;
  value = '';
  checked = false;
  disabled = false;
  hidden = false;
  childNodes: (FakeElement | string)[] = [];
  readonly #heard: (() => void)[] = [];

  constructor(readonly tag: string) {}

  get children(): FakeElement[] {
    return this.childNodes.filter((node) => node instanceof FakeElement);
  }

  get textContent(): string {
    return this.childNodes.map((node) => (typeof node === 'string' ? node : node.textContent)).join('');
  }

  set textContent(text: string) {
    this.childNodes = [text];
  }

  get id(): string {
    return this.attributes.get('id') ?? '';
  }

  set id(value: string) {
    this.attributes.set('id', value);
  }

  get lang(): string {
    return this.attributes.get('lang') ?? '';
  }

  setAttribute(name: string, value: string): void {
    if (name === 'hidden') this.hidden = true;
    this.attributes.set(name, value);
  }

  getAttribute = (name: string): string | null => this.attributes.get(name) ?? null;
  removeAttribute = (name: string): void => void this.attributes.delete(name);
  addEventListener = (_type: string, run: () => void): void => void this.#heard.push(run);
  dispatchEvent = (): void => this.#heard.forEach((run) => run());
  matches = (tags: string): boolean => tags.split(', ').includes(this.tag);
  focus = (): void => undefined;

  append(...nodes: (FakeElement | string)[]): void {
    for (const node of nodes) if (node instanceof FakeElement) node.parent = this;
    this.childNodes.push(...nodes);
  }

  before(node: FakeElement): void {
    node.parent = this.parent;
    this.parent!.childNodes.splice(this.parent!.childNodes.indexOf(this), 0, node);
  }

  replaceChildren(...nodes: (FakeElement | string)[]): void {
    this.childNodes = [];
    this.append(...nodes);
  }

  querySelector = (): FakeElement | null => null;

  /** All elements below that have an attribute. */
  having(name: string): FakeElement[] {
    return this.children.flatMap((child) => [...(child.attributes.has(name) ? [child] : []), ...child.having(name)]);
  }

  querySelectorAll = (selector: string): FakeElement[] => this.having(/\[([\w-]+)\]/.exec(selector)![1]!);
}

/** Puts the fakes where the browser's own would be. */
export function fakeDocument(): void {
  Object.assign(globalThis, { document: { createElement: (tag: string) => new FakeElement(tag) } });
}

/** The names of controls that were told what is wrong with them, with what they were told; by row for those of which there are several. */
export function refusedIn(root: unknown): string[] {
  const top = root as FakeElement;
  const lines = top.having('id').filter((line) => line.attributes.get('class') === 'problem');
  const bad = [...(top.attributes.has('data-invalid') ? [top] : []), ...top.having('data-invalid')];
  return bad.map((place) => {
    const rows: number[] = [];
    for (let at: FakeElement = place; at.parent !== undefined; at = at.parent) if (at.tag === 'li') rows.unshift(at.parent.children.indexOf(at));
    const name = place.attributes.get('name') ?? place.attributes.get('data-rows') ?? place.attributes.get('data-field') ?? place.tag;
    const told = lines.filter((line) => place.attributes.get('aria-describedby')?.split(' ').includes(line.id)).map((line) => line.textContent);
    return `${[...rows, name].join('.')}: ${told.join(' ')}`;
  });
}
