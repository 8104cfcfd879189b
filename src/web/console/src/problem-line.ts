import { element, setAttribute } from '../../fan/src/dom.js';
import { newId, type Refusal } from './field.js';

/** Says below a control what is wrong with it, to eyes and to screen readers. */
export class ProblemLine {
  readonly root = element('p', { class: 'problem', id: newId(), hidden: true });

  /** `described`: ids of what else describes the control. */
  constructor(
    private readonly control: HTMLElement,
    private readonly described: string | undefined = undefined,
  ) {
    this.clear();
    // Whoever is mending it has heard of it.
    control.addEventListener('input', () => this.clear());
  }

  say({ text, lang }: Refusal): void {
    const line = element('span', { lang }, text);
    this.root.append(...(this.root.hidden ? [] : [element('br')]), line);
    this.root.hidden = false;
    this.control.setAttribute('data-invalid', '');
    // Only controls can be invalid to screen readers; a group is described.
    if (this.control.matches('input, select, textarea')) this.control.setAttribute('aria-invalid', 'true');
    setAttribute(this.control, 'aria-describedby', [this.described, this.root.id].filter(Boolean).join(' '));
  }

  clear(): void {
    this.root.replaceChildren();
    this.root.hidden = true;
    this.control.removeAttribute('data-invalid');
    this.control.removeAttribute('aria-invalid');
    setAttribute(this.control, 'aria-describedby', this.described);
  }
}

/** Puts the focus where the first thing that is wrong can be mended. */
export function focusFirstProblem(root: HTMLElement): void {
  const place = root.querySelector<HTMLElement>('[data-invalid]');
  const controls = 'input, select, textarea, button';
  const target = place?.matches(controls) === true ? place : place?.querySelector<HTMLElement>(controls);
  for (let fold = target?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
  target?.focus();
}
