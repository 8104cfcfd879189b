import { element } from '../../fan/src/dom.js';
import { ChannelForm } from './channel-form.js';
import { ChannelView } from './channel-view.js';
import { ChannelsView } from './channels-view.js';
import type { Context, View } from './context.js';
import { EditView } from './edit-view.js';
import { ApiFailure } from './failures.js';
import { ItemView } from './item-view.js';
import type { Place } from './place.js';
import type { Channel } from './types.js';

/** Fetches what a place shows, and makes its view; where that fails, one that says so. */
export async function openView(place: Place, context: Context, fanToken: () => string | undefined, again: () => void): Promise<{ view: View; channel?: Channel }> {
  const { desk } = context;
  try {
    if (place.view === 'channels') return { view: new ChannelsView(context, await desk.channels()) };
    if (place.view === 'new-channel') return { view: new ChannelForm(context, undefined) };
    if (place.view === 'item' || place.view === 'edit') {
      const [channel, item] = await Promise.all([desk.channel(place.channel), desk.get(place.kind, place.id)]);
      return { channel, view: place.view === 'edit' ? new EditView(context, channel, place.kind, item) : new ItemView(context, channel, item, fanToken) };
    }

    const channel = await desk.channel(place.channel);
    if (place.view === 'settings') return { channel, view: new ChannelForm(context, channel) };
    return { channel, view: place.view === 'new' ? new EditView(context, channel, place.kind, undefined) : new ChannelView(context, channel) };
  } catch (failure) {
    return { view: failedView(failure, context, again) };
  }
}

function failedView(failure: unknown, { words }: Context, again: () => void): View {
  const missing = failure instanceof ApiFailure && failure.status === 404;
  const known = failure instanceof ApiFailure && failure.status > 0;
  const title = missing ? words('notFound') : known ? words('refused', { text: failure.message }) : words('lostHere');
  const button = element('button', { type: 'button', 'data-way': 'again' }, words('tryAgain'));
  button.addEventListener('click', again);
  return { title, root: element('section', { class: 'panel', 'data-view': 'failed' }, element('h1', { tabindex: -1 }, title), element('div', { class: 'buttons' }, button)) };
}
