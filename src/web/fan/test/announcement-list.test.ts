import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnnouncementItem } from '@fanhub/client';
import { AnnouncementList } from '../src/announcement-list.js';
import { safeAddress } from '../src/safe-address.js';
import { fakeDocument, focused } from './fake-dom.js';
import { announcement, fake, givenCards, iso, item, start, viewOf } from './given-cards.js';

fakeDocument();
const page = 'https://live.test/fan/?channel=demo';

function given() {
  const parts = givenCards();
  const alerts: string[] = [];
  const list = new AnnouncementList(parts.context, (text) => alerts.push(text), page);
  const show = (...all: AnnouncementItem[]): number => list.show(viewOf(...all.map((one, i) => item(`announcement:${one.id}`, one, 1, iso(i)))));
  return { ...parts, alerts, list, show, root: fake(list.root) };
}

test('How urgent it is, is said in words', () => {
  const { show, root } = given();
  show(announcement('a', { text: 'Text of a' }), announcement('b', { severity: 'breaking' }));
  assert.match(root.seen, /^⚠ Breaking news .*Title b ℹ Announcement .*Title a Text of a$/);
  assert.deepEqual(['a', 'b'].map((id) => root.find('data-announcement', id).getAttribute('data-severity')), ['info', 'breaking']);
});

test('What is breaking is said at once, and only once; the rest as other news is', () => {
  const { show, alerts, news } = given();
  show(announcement('a', { severity: 'breaking', text: 'Now.' }), announcement('b'));
  show(announcement('a', { severity: 'breaking', text: 'Later.' }), announcement('b'), announcement('c'));
  assert.deepEqual(alerts, ['Breaking news: Title a. Now.']);
  assert.deepEqual(news, ['Announcement: Title c']);
});

test('It goes when it expires, on the fan’s own clock, and when it is taken back', () => {
  const { show, list, hub, root } = given();
  hub.delayMs = 30_000;
  show(announcement('a', { expiresAt: iso(10) }), announcement('b'));
  hub.time = start + 39_999;
  list.tick();
  assert.match(root.seen, /Title a/);
  hub.time = start + 40_000;
  list.tick();
  assert.doesNotMatch(root.seen, /Title a/);
  assert.match(root.seen, /Title b/);
  assert.equal(show(), 0);
  assert.equal(root.hidden, true);
});

test('Whoever was reading one that goes away goes on at the top of the page', () => {
  const { show, root } = given();
  show(announcement('a', { link: '?channel=finals' }), announcement('b'));
  root.querySelectorAll('a')[0]!.focus();
  show(announcement('a', { link: '?channel=finals', text: 'More.' }), announcement('b'));
  assert.match(focused().seen, /Read more/);
  show(announcement('b'));
  assert.equal(focused().seen, 'Title of the page');
});

test('A link leads to this site or over HTTPS; one that does not is no link', () => {
  for (const [link, href, outside] of [
    ['https://example.org/a', 'https://example.org/a', true],
    ['?channel=finals', '?channel=finals', false],
    ['/news/1', '/news/1', false],
    ['//example.org/x', 'https://example.org/x', true],
  ] as const) {
    assert.deepEqual(safeAddress(link, page), { href, outside }, link);
  }

  for (const link of ['http://example.org', 'javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'ftp://example.org', 'https://', '', undefined]) assert.equal(safeAddress(link, page), undefined, link);
});

test('A link says what it is about, and that it leaves the page where it does', () => {
  const { show, root } = given();
  show(announcement('a', { link: 'https://example.org/a' }));
  const link = root.querySelectorAll('a')[0]!;
  assert.equal(link.seen, 'Read more : Title a (opens in a new tab) ↗');
  assert.deepEqual([link.getAttribute('rel'), link.getAttribute('target')], ['noopener', '_blank']);
  show(announcement('a', { link: '?channel=finals' }));
  assert.deepEqual([root.querySelectorAll('a')[0]!.seen, root.querySelectorAll('a')[0]!.getAttribute('target')], ['Read more : Title a', null]);
  show(announcement('a', { link: 'javascript:alert(1)' }));
  assert.equal(root.querySelectorAll('a').length, 0);
});

test('A picture adds nothing for who does not see it, and leaves no gap where it cannot be had', () => {
  const { show, root } = given();
  show(announcement('a', { image: 'https://example.org/a.jpg' }));
  const picture = root.querySelectorAll('img')[0]!;
  assert.deepEqual([picture.getAttribute('alt'), picture.getAttribute('src')], ['', 'https://example.org/a.jpg']);
  picture.dispatch('error');
  assert.equal(picture.parent!.hidden, true);
});

test('A text may be in another language than its title: it runs as it is written, and no language is claimed for it', () => {
  const { show, root } = given();
  show(announcement('a', { title: 'الأبواب', lang: 'ar', text: 'Doors open at nine.' }));
  const text = root.querySelectorAll('p').find((p) => p.textContent === 'Doors open at nine.')!;
  assert.deepEqual([text.getAttribute('dir'), text.getAttribute('lang')], ['auto', '']);
  const title = root.querySelectorAll('h2').find((h) => h.textContent === 'الأبواب')!;
  assert.deepEqual([title.getAttribute('dir'), title.getAttribute('lang')], ['rtl', 'ar']);
});
