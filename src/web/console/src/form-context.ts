import { element } from '../../fan/src/dom.js';
import type { Words } from './words.js';

/** What forms share. */
export interface FormContext {
  readonly words: Words;
  /** The zone that the device's times are in. */
  readonly zone: string;
  announce(text: string): void;
}

/** Fields that most editors leave as they are. */
export function folded(caption: string, ...fields: HTMLElement[]): HTMLElement {
  return element('details', {}, element('summary', {}, caption), element('div', { class: 'fields' }, ...fields));
}
