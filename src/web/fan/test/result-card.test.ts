import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { ResultCard } from '../src/result-card.js';
import { fakeDocument, type FakeElement } from './fake-dom.js';
import { entry, givenPage, held, result } from './given-results.js';

fakeDocument();
mock.timers.enable({ apis: ['setTimeout'] });

function givenCard(query?: string): { card: ResultCard; root: FakeElement; news: string[]; pass: () => void } {
  const { context, news, pass } = givenPage(query);
  const card = new ResultCard(context, 'result:SWM1');
  return { card, root: card.root as unknown as FakeElement, news, pass };
}

const lines = (root: FakeElement): FakeElement[] => root.querySelectorAll('tbody')[0]!.children;
const marked = (root: FakeElement): string[] => lines(root).filter((line) => line.attributes.has('data-changed')).map((line) => line.querySelectorAll('bdi')[0]!.textContent);

test('A withdrawn result is said to be withdrawn, and its lines are gone', () => {
  const { card, root, news } = givenCard();
  card.update(held(result({ status: 'official', entries: [entry('1', { rank: 1, result: '52.10', medal: 'gold' })] })), false);
  assert.match(root.seen, /Official .* Name 1 Gold/);
  card.update(held(result({ status: 'official' }), true), true);
  assert.match(root.seen, /Withdrawn .*Final This result was withdrawn\./);
  assert.doesNotMatch(root.seen, /Name 1|52\.10|Official/);
  assert.equal(root.getAttribute('data-status'), 'withdrawn');
  assert.deepEqual(news, ['Withdrawn: Final.']);
});

test('A result that comes back after it was withdrawn is shown, and nothing in it counts as changed', () => {
  const { card, root } = givenCard();
  card.update(held(result({ entries: [entry('1', { rank: 1 })] })), false);
  card.update(held(result({ entries: [entry('1', { rank: 1 })] }), true), true);
  card.update(held(result({ version: 2, status: 'official', entries: [entry('1', { rank: 2 })] })), true);
  assert.match(root.seen, /Official .*2 Name 1/);
  assert.doesNotMatch(root.seen, /withdrawn/i);
  assert.deepEqual(marked(root), []);
});

test('Changes mark the right lines, for a while', () => {
  const { card, root } = givenCard();
  card.update(held(result({ entries: [entry('1'), entry('2'), entry('3')] })), false);
  assert.deepEqual(marked(root), []);
  card.update(held(result({ version: 2, entries: [entry('2', { rank: 1, result: '9.9' }), entry('1'), entry('3')], changes: { fields: [], entries: ['2'] } })), true);
  assert.deepEqual(marked(root), ['Name 2']);
  mock.timers.tick(3_000);
  card.update(held(result({ version: 3, entries: [entry('2', { rank: 1, result: '9.9' }), entry('1'), entry('3', { mark: 'DNF' })], changes: { fields: [], entries: ['3'] } })), true);
  assert.deepEqual(marked(root), ['Name 2', 'Name 3']);
  mock.timers.tick(3_000);
  assert.deepEqual(marked(root), ['Name 3']);
  mock.timers.tick(3_000);
  assert.deepEqual(marked(root), []);
});

test('Lines that stay the same are the same elements, in their new order', () => {
  const { card, root } = givenCard();
  card.update(held(result({ entries: [entry('1'), entry('2')] })), false);
  const [one, two] = lines(root);
  card.update(held(result({ version: 2, entries: [entry('2'), entry('1')] })), true);
  assert.deepEqual(lines(root), [two, one]);
  assert.ok(lines(root)[0] === two && lines(root)[1] === one);
});

test('A correction is said to be one, with the note, and keeps its lines marked', () => {
  const { card, root, news } = givenCard();
  card.update(held(result({ status: 'official', entries: [entry('1', { rank: 1 }), entry('2', { rank: 2 }), entry('3', { rank: 3 })] })), false);
  const after = [entry('2', { rank: 1 }), entry('3', { rank: 3 }), entry('1', { mark: 'DSQ' })];
  card.update(held(result({ version: 2, status: 'official', corrected: true, note: 'Disqualified <b>after</b> the race', entries: after, changes: { fields: ['note'], entries: ['1', '2'] } })), true);
  mock.timers.tick(60_000);
  assert.match(root.seen, /Corrected: Disqualified <b>after<\/b> the race/);
  assert.deepEqual(lines(root).map((line) => /changed/.test(line.seen)), [true, false, true]);
  assert.deepEqual(news, ['Final was corrected. Disqualified <b>after</b> the race']);
});

test('A note may be in another language than the title: it runs as it is written, and no language is claimed for it', () => {
  const { card, root } = givenCard();
  card.update(held(result({ lang: 'ar', corrected: true, note: 'Disqualified' })), true);
  const note = root.querySelectorAll('span').find((s) => s.textContent === 'Disqualified')!;
  assert.deepEqual([note.getAttribute('dir'), note.getAttribute('lang')], ['auto', '']);
});

test('The same version, sent again with a snapshot, is no news', () => {
  const { card, root, news } = givenCard();
  const again = (): ReturnType<typeof held> => held(result({ version: 2, entries: [entry('1', { rank: 1 })], changes: { fields: [], entries: ['1'] } }));
  card.update(again(), false);
  card.update(again(), true);
  assert.deepEqual([marked(root), news], [[], []]);
});

test('How sure a result is can be told', () => {
  const { card, root } = givenCard();
  for (const [status, said] of [['start_list', /^Start list/], ['unofficial', /^Unofficial .*may still change/], ['protested', /^Under protest .*protest/], ['official', /^Official/], ['brand_new', /^brand new/]] as const) {
    card.update(held(result({ status, version: status.length })), false);
    assert.match(root.seen, said);
  }
});

test('A match has a column for each part, and says who won', () => {
  const { card, root } = givenCard();
  const periods = [{ name: 'H1', scores: { a: '12', b: '9' } }, { name: 'H2', scores: { a: '10' } }];
  card.update(held(result({ entries: [entry('a', { result: '22', outcome: 'W' }), entry('b', { result: '20', outcome: 'L' })], periods })), false);
  assert.deepEqual(root.querySelectorAll('thead')[0]!.querySelectorAll('th').map((cell) => cell.seen), ['Name', 'Country', 'H1', 'H2', 'Total']);
  assert.deepEqual(lines(root).map((line) => line.seen), ['Name a Won AAA 12 10 22', 'Name b Lost AAA 9 20']);
});

test('Elsewhere than on its own page a long result is cut, but for the country that the page is about', () => {
  const { card, root } = givenCard('country=aaa');
  const many = Array.from({ length: 30 }, (_, i) => ({ ...entry(String(i), { rank: i + 1 }), competitor: { id: String(i), name: `Name ${i}`, organisation: i === 20 ? 'AAA' : 'BBB' } }));
  card.update(held(result({ entries: many, of: 80 })), false);
  assert.equal(lines(root).length, 9);
  assert.match(root.seen, /Name 20/);
  assert.match(root.seen, /9 of 80 are shown\. All 30 lines$/);
});
