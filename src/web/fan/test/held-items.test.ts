import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Update } from '@fanhub/client';
import { HeldItems } from '../src/held-items.js';
import { update } from './given-results.js';

function given() {
  let now = 0;
  const view = { items: new Map<string, Update>(), removed: new Set<string>(), state: 'ready' as const };
  const items = new HeldItems<string>((item) => item.kind === 'result', () => now);
  const look = (): Record<string, boolean> => Object.fromEntries(items.look(view).map((one) => [one.key, one.withdrawn]));
  return { view, items, look, pass: (ms: number) => (now += ms) };
}

test('What an update took away is withdrawn at once; what was never seen is not spoken of', () => {
  const { view, look } = given();
  view.items.set('result:a', update('result:a', 'x')).set('result:b', update('result:b', 'y')).set('poll:p', update('poll:p', 'z'));
  assert.deepEqual(look(), { 'result:a': false, 'result:b': false });
  view.items.delete('result:a');
  view.removed.add('result:a').add('result:unseen');
  assert.deepEqual(look(), { 'result:a': true, 'result:b': false });
});

test('While a snapshot comes in parts nothing is taken for withdrawn', () => {
  const { view, items, look, pass } = given();
  view.items.set('result:a', update('result:a', 'x'));
  look();
  view.items.clear();
  assert.deepEqual(look(), { 'result:a': false });
  assert.equal(items.waiting, true);
  pass(4_000);
  view.items.set('result:a', update('result:a', 'x', 2));
  assert.deepEqual(look(), { 'result:a': false });
  pass(60_000);
  assert.deepEqual(look(), { 'result:a': false });
  assert.equal(items.waiting, false);
});

test('What the snapshot did not bring back is withdrawn after a while, and shown again when it returns', () => {
  const { view, look, pass } = given();
  view.items.set('result:a', update('result:a', 'x'));
  look();
  view.items.clear();
  look();
  pass(5_000);
  assert.deepEqual(look(), { 'result:a': true });
  view.items.set('result:a', update('result:a', 'x', 3));
  assert.deepEqual(look(), { 'result:a': false });
});
