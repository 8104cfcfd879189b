import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Favourites } from '../src/favourites.js';

function store(kept?: string): { text: string | undefined; getItem: () => string | null; setItem: (_: string, text: string) => void } {
  const held = { text: kept, getItem: () => held.text ?? null, setItem: (_: string, text: string) => void (held.text = text) };
  return held;
}

test('What is followed is there at the next visit, until it is followed no longer', () => {
  const device = store();
  new Favourites(device).toggle('sport', 'SWM');
  new Favourites(device).toggle('country', 'AAA');
  const later = new Favourites(device);
  assert.deepEqual(later.list, [{ kind: 'sport', code: 'SWM' }, { kind: 'country', code: 'AAA' }]);
  assert.equal(later.has('sport', 'AAA'), false);
  later.toggle('sport', 'SWM');
  assert.deepEqual(new Favourites(device).list, [{ kind: 'country', code: 'AAA' }]);
});

test('What another tab followed meanwhile is kept', () => {
  const device = store();
  const [one, other] = [new Favourites(device), new Favourites(device)];
  one.toggle('sport', 'SWM');
  other.toggle('sport', 'ATH');
  assert.equal(new Favourites(device).list.length, 2);
});

test('A store that is forbidden, full or spoilt costs nothing but the memory', () => {
  for (const spoilt of ['{', '7', '[{"kind":"x","code":"y"},null,{"kind":"sport","code":7}]']) assert.deepEqual(new Favourites(store(spoilt)).list, []);
  const full = { getItem: () => null, setItem: () => { throw new Error('full'); } };
  const favourites = new Favourites(full);
  favourites.toggle('sport', 'SWM');
  assert.equal(favourites.has('sport', 'SWM'), true);
  assert.deepEqual(new Favourites(undefined).list, []);
});

test('There is an end to what can be followed', () => {
  const favourites = new Favourites(store());
  for (let i = 0; i < 99; i++) favourites.toggle('country', `C${i}`);
  assert.equal(favourites.list.length, 30);
  assert.equal(favourites.has('country', 'C98'), true);
});
