import { element } from './dom.js';
import type { Words } from './strings.js';

/** Asks for the channel's name. Submitting loads the page with it. */
export function channelForm(words: Words, locale: string | undefined, name: string, problem: string | undefined): HTMLElement {
  const input = element('input', {
    id: 'channel',
    name: 'channel',
    required: true,
    maxlength: 100,
    autocapitalize: 'none',
    autocomplete: 'off',
    spellcheck: 'false',
    value: name,
    'aria-describedby': problem === undefined ? 'channel-hint' : 'channel-problem channel-hint',
    'aria-invalid': problem === undefined ? undefined : 'true',
  });
  return element(
    'form',
    { class: 'ask', method: 'get' },
    element('h2', {}, words('askChannel')),
    ...(problem === undefined ? [] : [element('p', { class: 'problem', id: 'channel-problem', role: 'alert' }, problem)]),
    element('label', { for: 'channel' }, words('channelLabel')),
    input,
    element('p', { class: 'hint', id: 'channel-hint' }, words('channelHint')),
    ...(locale === undefined ? [] : [element('input', { type: 'hidden', name: 'locale', value: locale })]),
    element('button', { type: 'submit' }, words('follow')),
  );
}
