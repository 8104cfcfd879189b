import { element } from '../../fan/src/dom.js';
import type { Doubt } from './context.js';
import { newId } from './field.js';
import { SignIn } from './sign-in.js';
import type { Words } from './words.js';

/** Asks before something that cannot be taken back. The safe answer has the focus, and Escape gives it. */
export function confirmIn(page: HTMLElement, words: Words, { question, detail, yes }: Doubt): Promise<boolean> {
  const title = element('h2', { id: newId() }, question);
  const text = element('p', { id: newId() }, detail);
  const no = element('button', { type: 'button', class: 'plain', 'data-confirm': 'no', autofocus: true }, words('stay'));
  const go = element('button', { type: 'button', class: 'grave', 'data-confirm': 'yes' }, yes);
  const dialog = element('dialog', { 'aria-labelledby': title.id, 'aria-describedby': text.id, role: 'alertdialog' }, title, text, element('div', { class: 'buttons' }, no, go));
  return new Promise((decide) => {
    let sure = false;
    no.addEventListener('click', () => dialog.close());
    go.addEventListener('click', () => {
      sure = true;
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      decide(sure);
    });
    page.append(dialog);
    dialog.showModal();
  });
}

/** Asks for another key over all that is on the page, which stays as it is. False: the editor signs out instead. */
export function signInAgainIn(page: HTMLElement, words: Words, accepts: (key: string) => Promise<boolean>, keep: (key: string) => void): Promise<boolean> {
  const title = element('h2', { id: newId() }, words('signIn'));
  const text = element('p', { id: newId() }, words('signInAgain'));
  const out = element('button', { type: 'button', class: 'plain', 'data-action': 'sign-out-instead' }, words('signOut'));
  return new Promise((decide) => {
    let signedIn = false;
    const form = new SignIn(words, accepts, (key) => {
      keep(key);
      signedIn = true;
      dialog.close();
    });
    const dialog = element('dialog', { 'aria-labelledby': title.id, 'aria-describedby': text.id, 'data-sign-in-again': '' }, title, text, form.root, out);
    out.addEventListener('click', () => dialog.close());
    // Escape would sign out, which nobody expects of it.
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    dialog.addEventListener('close', () => {
      dialog.remove();
      decide(signedIn);
    });
    page.append(dialog);
    dialog.showModal();
    form.focus();
  });
}
