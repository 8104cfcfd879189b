import { element, setText } from './dom.js';
import type { Words } from './strings.js';

/** Has the fan forgotten, once they have read what that means and said yes. @param forget does it; fails where it could not be done. */
export function forgetForm(words: Words, forget: () => Promise<void>): HTMLElement {
  const ask = element('button', { type: 'button', class: 'quiet', 'data-forget': 'ask' }, words('forget'));
  const message = element('p', { class: 'message', role: 'status', tabindex: -1 });
  const yes = element('button', { type: 'button', class: 'danger', 'data-forget': 'yes' }, words('forgetYes'));
  const no = element('button', { type: 'button', class: 'quiet', 'data-forget': 'no' }, words('forgetNo'));
  const title = element('h2', { tabindex: -1, id: 'forget-title' }, words('forgetTitle'));
  const list = element('ul', {}, element('li', {}, words('forgetGoes')), element('li', {}, words('forgetStays')));
  const confirm = element('div', { class: 'confirm', role: 'group', 'aria-labelledby': 'forget-title', hidden: true }, title, list, element('div', { class: 'foot' }, yes, no));
  const show = (asking: boolean): void => {
    confirm.hidden = !asking;
    ask.hidden = asking;
  };
  let busy = false;

  ask.addEventListener('click', () => {
    setText(message, '');
    show(true);
    title.focus();
  });
  no.addEventListener('click', () => {
    show(false);
    ask.focus();
  });
  yes.addEventListener('click', async () => {
    if (busy) return;
    busy = true;
    setText(message, words('working'));
    const done = await forget().then(
      () => true,
      () => false,
    );
    busy = false;
    setText(message, words(done ? 'forgetDone' : 'forgetFailed'));
    if (!done) return;
    show(false);
    message.focus();
  });
  return element('div', { class: 'forget', 'data-form': 'forget' }, ask, confirm, message);
}
