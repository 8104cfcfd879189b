import type { FanHub, Status } from '@fanhub/client';
import { setAttribute, setText } from './dom.js';
import type { Words } from './strings.js';

const patienceMs = 400;

/** Says how current the page is. Good news at once; the rest only once it lasts, so that a hiccup makes no flicker. */
export function showStatus(root: HTMLElement, hub: FanHub, words: Words): void {
  const show = (status: Status): void => {
    setAttribute(root, 'data-status', status);
    setText(root, words(status));
  };
  let later: ReturnType<typeof setTimeout> | undefined;
  hub.onStatus((status) => {
    clearTimeout(later);
    if (status === 'live') show(status);
    else later = setTimeout(() => show(hub.status), patienceMs);
  });
  show(hub.status);
}
