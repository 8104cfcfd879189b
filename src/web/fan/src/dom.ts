type Attributes = Record<string, string | number | boolean | undefined>;

/** Makes an element. Text only ever goes in as text. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }

  made.append(...children);
  return made;
}

/** Changes a text only where it differs, so that nothing is read out or laid out again for nothing. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** The same for an attribute; undefined takes it away. */
export function setAttribute(node: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Puts children in order without touching those that stand right already, and keeps the focus where it is. Others go. */
export function putInOrder(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const wanted = new Set<Element>(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
  // Moving an element takes the focus out of it.
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

/** Gives an element other contents. The focus goes from a link or button to the one in its place. */
export function replaceContents(parent: HTMLElement, children: readonly (Node | string)[]): void {
  const held = [...parent.querySelectorAll<HTMLElement>('a, button')].indexOf(document.activeElement as HTMLElement);
  parent.replaceChildren(...children);
  if (held >= 0) parent.querySelectorAll<HTMLElement>('a, button')[held]?.focus({ preventScroll: true });
}

/** Says which language a text is in, and which way it runs. */
export function setLanguage(node: HTMLElement, lang: string, dir: 'ltr' | 'rtl'): void {
  setAttribute(node, 'lang', lang);
  setAttribute(node, 'dir', dir);
}

/**
 * Of a text that may be in another language than those beside it: an item's `lang` is that of its title, and any other of its texts may have fallen back on its own. It runs as its first
 * letters do, and its language is said to be unknown, which is not the same as that of the page around it.
 */
export const ofUnknownLanguage = { lang: '', dir: 'auto' } as const;
