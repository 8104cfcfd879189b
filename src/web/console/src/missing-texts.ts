import { element } from '../../fan/src/dom.js';
import { stepsOf } from './paths.js';
import type { Words } from './words.js';

/** What keeps an item from being shown to fans, as a list: which text, and what it lacks. */
export function missingTexts(errors: Readonly<Record<string, readonly string[]>>, words: Words): HTMLElement {
  const lines = Object.entries(errors).flatMap(([path, texts]) => texts.map((text) => ({ where: whereOf(path, words), ...words.refusal(text) })));
  return element('ul', {}, ...lines.map(({ where, text, lang }) => element('li', {}, where === '' ? '' : `${where}: `, element('span', { lang }, text))));
}

/** The place that a path means, as the form calls it. */
export function whereOf(path: string, words: Words): string {
  const steps = stepsOf(path);
  const parts: string[] = [];
  for (let i = 0; i < steps.length; i++) {
    const n = Number(steps[i + 1]) + 1;
    if (steps[i] === 'questions' && n > 0) parts.push(words('questionN', { n: String(n) }));
    else if (steps[i] === 'options' && n > 0) parts.push(words('optionN', { n: String(n) }));
    else if (steps[i] === 'title') parts.push(words('quizTitle'));
    else if (steps[i] === 'explanation') parts.push(words('explanation'));
  }

  return parts.length > 0 ? parts.join(', ') : path;
}
