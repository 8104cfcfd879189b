import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Update } from '@fanhub/client';
import { CheerRow } from '../src/cheer-row.js';
import { fakeDocument } from './fake-dom.js';
import { fake, givenCards, item, viewOf } from './given-cards.js';

fakeDocument();
mock.timers.enable({ apis: ['setTimeout'] });

function given(lang?: string) {
  const parts = givenCards(lang);
  const clock = { now: 0 };
  const row = new CheerRow(parts.context, 'demo', () => clock.now);
  const show = (...reactions: string[]): number => row.show(viewOf(item('reactions:demo', { channel: 'demo', reactions })));
  const rates = (counts: Record<string, number>, seconds = 1): void => row.passed({ ...item('cheer:demo', { of: 'demo', rates: counts, seconds }), class: 'fleeting' } as Update);
  return { ...parts, clock, row, show, rates, root: fake(row.root) };
}

test('Reactions are pictures where they are known, else words, and all have a name', () => {
  const { show, root } = given('fr');
  assert.equal(show('fire', 'go_team'), 2);
  assert.deepEqual(root.querySelectorAll('button').map((button) => button.seen), ['🔥 Feu', 'go team']);
  assert.equal(show(), 0);
  assert.equal(root.hidden, true);
});

test('A name that every object has is no picture', () => {
  const { show, root } = given();
  show('constructor');
  assert.deepEqual(root.querySelectorAll('button').map((button) => button.seen), ['constructor']);
});

test('Each tap is a cheer, and answered at once', () => {
  const { show, root, calls, hub } = given();
  show('fire', 'clap');
  const fire = root.find('data-cheer', 'fire');
  fire.dispatch('click');
  fire.dispatch('click');
  assert.deepEqual(calls, [['cheer', 'demo', 'fire'], ['cheer', 'demo', 'fire']]);
  assert.deepEqual([fire.getAttribute('data-taps'), fire.getAttribute('data-pop')], ['2', 'even']);
  mock.timers.tick(400);
  assert.equal(fire.hasAttribute('data-pop'), false);
  hub.connected = false;
  fire.dispatch('click');
  assert.equal(fire.getAttribute('data-taps'), '2');
  assert.match(root.seen, /this cheer was lost/);
});

test('Rates are shown as they come, and are over when none comes', () => {
  const { show, root, rates, row, clock } = given();
  show('fire', 'clap');
  const shown = (): (string | null)[] => ['fire', 'clap'].map((name) => root.find('data-cheer', name).getAttribute('data-rate'));
  rates({ fire: 1_200, other: 3 });
  assert.deepEqual(shown(), ['1200', null]);
  assert.match(root.seen, /1,200\/s/);
  rates({ clap: 9 }, 3);
  assert.deepEqual(shown(), [null, '3']);
  clock.now = 2_999;
  row.tick();
  assert.deepEqual(shown(), [null, '3']);
  clock.now = 3_000;
  row.tick();
  assert.deepEqual(shown(), [null, null]);
  row.passed(item('telemetry:x', {}));
});
