import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { ChannelView, MedalTableItem, MedalTableRow, Update } from '@fanhub/client';
import { element } from '../src/dom.js';
import { MedalTable } from '../src/medal-table.js';
import { fakeDocument, type FakeElement } from './fake-dom.js';
import { givenPage, update } from './given-results.js';

fakeDocument();
mock.timers.enable({ apis: ['setTimeout'] });

const row = (organisation: string, gold: number, silver: number, rank: number): MedalTableRow => ({ organisation, gold, silver, bronze: 0, total: gold + silver, rank });
const before: MedalTableItem = { organisations: [row('AAA', 1, 0, 1), row('BBB', 0, 1, 2), row('CCC', 0, 1, 2)] };

function given() {
  const { context, news } = givenPage('view=medals');
  const table = new MedalTable(context, element('h2'));
  const items = new Map<string, Update>();
  const show = (data: MedalTableItem, version: number): number => {
    items.set('medals:table', update('medals:table', data, version));
    return table.show({ items, state: 'ready' } as unknown as ChannelView);
  };
  const root = table.root as unknown as FakeElement;
  return { show, news, root, lines: () => root.querySelectorAll('tbody')[0]!.children };
}

test('Medals that move after a disqualification are a correction, with the note, and the lines marked', () => {
  const { show, news, root, lines } = given();
  show(before, 1);
  assert.deepEqual(lines().map((line) => line.seen), ['1 AAA 1 0 0 1', '2 BBB 0 1 0 1', '2 CCC 0 1 0 1']);
  show({ organisations: [row('BBB', 1, 0, 1), row('CCC', 1, 0, 1)], changes: ['AAA', 'BBB', 'CCC'], corrected: true, note: 'Two gold medals awarded.' }, 2);
  assert.match(root.seen, /Corrected: Two gold medals awarded\./);
  assert.deepEqual(lines().map((line) => [line.seen, line.attributes.has('data-changed')]), [['1 BBB changed 1 0 0 1', true], ['1 CCC changed 1 0 0 1', true]]);
  assert.deepEqual(news, ['Medal table was corrected. Two gold medals awarded.']);
});

test('A medal more is news, and no correction', () => {
  const { show, news, root, lines } = given();
  show(before, 1);
  show({ organisations: [row('AAA', 1, 1, 1), ...before.organisations.slice(1)], changes: ['AAA'] }, 2);
  assert.doesNotMatch(root.seen, /Corrected|changed/);
  assert.deepEqual(lines().map((line) => line.attributes.has('data-changed')), [true, false, false]);
  assert.deepEqual(news, ['Medal table: AAA 1 Gold, 1 Silver, 0 Bronze.']);
});

test('A table without medals says so', () => {
  const { show, root } = given();
  assert.equal(show({ organisations: [] }, 1), 1);
  assert.match(root.seen, /No medals yet\./);
});
