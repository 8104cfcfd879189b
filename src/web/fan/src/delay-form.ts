import { element } from './dom.js';
import type { Formats } from './format.js';
import { FormField } from './form-field.js';
import { readSeconds, type StreamDelay } from './stream-delay.js';
import type { Words } from './strings.js';

/** How far the fan's video is behind. @param changed it is another one from now on. */
export function delayForm(words: Words, formats: Formats, delay: StreamDelay, changed: () => void): HTMLElement {
  const save = element('button', { type: 'submit' }, words('delaySave'));
  const field = new FormField(words('delayLabel'), words('delayHint'), { name: 'delay', inputmode: 'decimal', autocomplete: 'off', value: String(delay.seconds), maxlength: 5 }, save);
  field.onSubmit(() => {
    const seconds = readSeconds(field.input.value === '' ? '0' : field.input.value);
    if (seconds === undefined) return field.refuse(words('delayWrong'));
    delay.set(seconds);
    changed();
    field.say(seconds === 0 ? words('delayNone') : words('delaySaved', { n: formats.count(seconds) }));
  });
  field.root.setAttribute('data-form', 'delay');
  return field.root;
}
