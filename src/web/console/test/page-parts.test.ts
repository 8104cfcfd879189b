import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../src/clock.js';
import { ownFanToken } from '../src/fan-token.js';
import { languagesOf, textFor, textsIn } from '../src/locales.js';
import { newestFirst } from '../src/merged.js';
import { hrefOf, readPlace, type Place } from '../src/place.js';
import { announcement, poll, quiz } from './given.js';

test('fans get a text in their language, in one that it derives from, or in the default one', () => {
  const texts = { en: 'Hello', fr: 'Bonjour', 'pt-BR': 'Oi' };
  assert.deepEqual(textFor(texts, 'fr-CA', 'en'), { text: 'Bonjour', lang: 'fr', instead: false });
  assert.deepEqual(textFor(texts, 'PT-br', 'en'), { text: 'Oi', lang: 'pt-BR', instead: false });
  assert.deepEqual(textFor(texts, 'de', 'en'), { text: 'Hello', lang: 'en', instead: true });
  assert.deepEqual(textFor(undefined, 'de', 'en'), { text: '', lang: 'en', instead: true });
});

test('texts are asked for in the channel’s languages and in those that are there already', () => {
  const item = poll({ title: { EN: 'Q', ar: 'س' } });
  assert.deepEqual(languagesOf({ defaultLocale: 'en', requiredLocales: ['fr'] }, ...textsIn(item)), ['en', 'fr', 'ar']);
});

test('places survive the address, with the language and without any key', () => {
  const places: Place[] = [
    { view: 'channels' },
    { view: 'new-channel' },
    { view: 'channel', channel: 'gala' },
    { view: 'settings', channel: 'gala' },
    { view: 'new', channel: 'gala', kind: 'quiz' },
    { view: 'item', channel: 'gala', kind: 'poll', id: 'p/1' },
    { view: 'edit', channel: 'gala', kind: 'poll', id: 'p1' },
  ];
  for (const place of places) assert.deepEqual(readPlace(new URLSearchParams(hrefOf(place, 'fr'))), place);
  assert.deepEqual(readPlace(new URLSearchParams('channel=gala&kind=nonsense')), { view: 'channel', channel: 'gala' });
});

test('lists of several kinds become one, the newest first, without gaps in it', () => {
  const at = (minute: number): { createdAt: string } => ({ createdAt: `2026-07-31T18:${String(minute).padStart(2, '0')}:00Z` });
  const polls = { items: [poll({ id: 'p9', ...at(9) }), poll({ id: 'p5', ...at(5) })], more: true };
  const others = { items: [quiz({ id: 'z7', ...at(7) }), quiz({ id: 'z1', ...at(1) })], more: false };
  const merged = newestFirst([polls, others, { items: [announcement({ id: 'n8', ...at(8) })], more: false }]);
  assert.deepEqual(merged.items.map((item) => item.id), ['p9', 'n8', 'z7', 'p5'], 'z1 is older than polls that were not fetched');
  assert.equal(merged.more, true);
});

test('the token of the fan is found where the fans’ page keeps it', () => {
  const store = { getItem: (name: string): string | null => (name === 'fanhub.session https://hub.example' ? '{"token":"t","fan":"1"}' : null) };
  assert.equal(ownFanToken(store, 'https://hub.example/'), 't');
  assert.equal(ownFanToken(store, 'https://other.example/'), undefined);
  assert.equal(ownFanToken({ getItem: () => 'broken' }, 'https://hub.example/'), undefined);
});

test('the clock believes the quickest answer, and asks again only after a while', async () => {
  let device = 1_000_000;
  const trips = [400, 20, 100, 60];
  const clock = new Clock(async () => {
    const trip = trips.shift()!;
    device += trip;
    // The server is 5 s ahead, and looks at its clock half-way.
    return device - trip / 2 + 5_000 + (trip > 50 ? 70 : 0);
  }, () => device);
  await clock.measure();
  assert.equal(clock.now() - device, 5_000);
  await clock.measure();
  assert.equal(trips.length, 0);
});
