import { kinds, type Kind } from './types.js';

/** What the page shows: a view, of a channel, of an item in it. It is in the address, so that it can be gone back to; the key never is. */
export type Place =
  | { readonly view: 'channels' }
  | { readonly view: 'new-channel' }
  | { readonly view: 'channel'; readonly channel: string }
  | { readonly view: 'settings'; readonly channel: string }
  | { readonly view: 'new'; readonly channel: string; readonly kind: Kind }
  | { readonly view: 'item' | 'edit'; readonly channel: string; readonly kind: Kind; readonly id: string };

export function readPlace(query: URLSearchParams): Place {
  const channel = query.get('channel') ?? '';
  const step = query.get('do');
  if (channel === '') return { view: step === 'new' ? 'new-channel' : 'channels' };
  const kind = kinds.find((one) => one === query.get('kind'));
  const id = query.get('id') ?? '';
  if (kind === undefined) return { view: step === 'settings' ? 'settings' : 'channel', channel };
  if (id === '') return step === 'new' ? { view: 'new', channel, kind } : { view: 'channel', channel };
  return { view: step === 'edit' ? 'edit' : 'item', channel, kind, id };
}

/** The place as a link within the page; the language asked for stays. */
export function hrefOf(place: Place, locale: string | undefined): string {
  const query = new URLSearchParams(locale === undefined ? {} : { locale });
  if ('channel' in place) query.set('channel', place.channel);
  if ('kind' in place) query.set('kind', place.kind);
  if ('id' in place) query.set('id', place.id);
  const step = { 'new-channel': 'new', new: 'new', settings: 'settings', edit: 'edit', channels: '', channel: '', item: '' }[place.view];
  if (step !== '') query.set('do', step);
  return `?${query}`;
}
