import { element, setText } from '../../fan/src/dom.js';
import type { Context } from './context.js';
import { ApiFailure, remedyFor } from './failures.js';
import type { Item } from './types.js';

/** Buttons that fetch what was counted, as files. The key goes in a header, so that no address has it. */
export function exportButtons(context: Context, item: () => Item): HTMLElement {
  const { words } = context;
  const said = element('p', { role: 'status' });
  const buttons = (['csv', 'json'] as const).map((format) => {
    const button = element('button', { type: 'button', class: 'plain', 'data-export': format }, words(`export_${format}`));
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      setText(said, words('doing'));
      void download(context, item(), format).then((text) => {
        setText(said, text);
        button.removeAttribute('aria-disabled');
      });
    });
    return button;
  });
  return element('section', { class: 'panel' }, element('h2', {}, words('export')), element('div', { class: 'buttons' }, ...buttons), said);
}

async function download({ desk, words }: Context, item: Item, format: 'csv' | 'json'): Promise<string> {
  try {
    const { blob, name = `${item.kind}-${item.id}.${format}` } = await desk.export(item, format);
    const address = URL.createObjectURL(blob);
    element('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return words('exported', { name });
  } catch (failure) {
    if (remedyFor(failure) === 'again') return words('lostHere');
    const missing = failure instanceof ApiFailure && (failure.status === 404 || failure.status === 405);
    return missing ? words('noExport') : words('refused', { text: (failure as Error).message });
  }
}
