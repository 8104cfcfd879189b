/** A part of a form: shows a value, gives it back, and shows what is wrong with it. */
export interface Field<T> {
  readonly root: HTMLElement;
  read(): T;
  write(value: T): void;
  /** Shows what is wrong at a path below this field, as near to it as there is a place. */
  refuse(path: readonly string[], text: Refusal): void;
  /** Takes away all that was shown to be wrong. */
  clear(): void;
  /** Says which languages texts are asked for in. */
  languages(tags: readonly string[]): void;
}

/** What is wrong, in words; `lang` where they are not in the page's language. */
export interface Refusal {
  readonly text: string;
  readonly lang?: string | undefined;
}

let made = 0;

/** An id that no other element has. */
export function newId(): string {
  return `f${++made}`;
}
