const name = 'fanhub.console.key';

/** The editor's key: kept for this tab alone, until it is closed or the editor signs out. */
export class EditorKey {
  #value: string | undefined;

  constructor(private readonly store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined) {
    try {
      this.#value = store?.getItem(name) ?? undefined;
    } catch {
      this.#value = undefined;
    }
  }

  get value(): string | undefined {
    return this.#value;
  }

  set(value: string): void {
    this.#value = value;
    try {
      this.store?.setItem(name, value);
    } catch {
      // A store that is forbidden: it holds until the page is loaded again.
      return;
    }
  }

  forget(): void {
    this.#value = undefined;
    try {
      this.store?.removeItem(name);
    } catch {
      return;
    }
  }
}
