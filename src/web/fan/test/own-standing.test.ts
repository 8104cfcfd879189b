import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Standing } from '@fanhub/client';
import { OwnStanding } from '../src/own-standing.js';
import { settled } from './given-cards.js';

function given(answer: () => Promise<Standing>, chance = 0.5) {
  const waits: { ms: number; run: () => void }[] = [];
  let asked = 0;
  let changes = 0;
  const own = new OwnStanding(
    { standing: () => (asked++, answer()) },
    'q',
    () => changes++,
    (ms, run) => (waits.push({ ms, run }), () => undefined),
    () => chance,
  );
  const pass = async (): Promise<void> => {
    for (const { run } of waits.splice(0)) run();
    await settled();
  };
  return { own, waits, pass, asked: () => asked, changes: () => changes };
}

const placed: Standing = { score: 10, rank: 2, of: 3 };
const nowhere: Standing = { score: 0, of: 3 };

test('The own place is asked for once after each change of the board, spread over a second', async () => {
  const { own, waits, pass, asked, changes } = given(() => Promise.resolve(placed), 0.75);
  own.received(1);
  own.received(1);
  own.received(2);
  assert.deepEqual([waits.map(({ ms }) => ms), asked()], [[750], 0]);
  await pass();
  own.received(2);
  await pass();
  assert.deepEqual([asked(), changes(), own.at(2)], [1, 1, placed]);
  own.received(3);
  await pass();
  assert.equal(asked(), 2);
});

test('A change while the answer is on its way asks once more', async () => {
  let answer = (_: Standing): void => undefined;
  const { own, pass, asked } = given(() => new Promise((resolve) => (answer = resolve)));
  own.received(1);
  await pass();
  own.received(2);
  await pass();
  own.received(3);
  await pass();
  assert.equal(asked(), 1);
  answer(placed);
  await settled();
  await pass();
  answer(placed);
  await settled();
  await pass();
  assert.equal(asked(), 2);
});

test('Who is not on the board asks again only after giving an answer', async () => {
  const { own, pass, asked } = given(() => Promise.resolve(nowhere));
  for (const version of [1, 2, 3]) {
    own.received(version);
    await pass();
  }

  assert.equal(asked(), 1);
  own.played();
  own.received(4);
  await pass();
  assert.equal(asked(), 2);
});

test('What could not be had is asked for at the next change', async () => {
  let fails = true;
  const { own, pass, asked } = given(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve(placed)));
  own.received(1);
  await pass();
  fails = false;
  own.received(2);
  await pass();
  assert.deepEqual([asked(), own.at(2)], [2, placed]);
});

test('A place that was asked for by a fan who is forgotten since is not shown to the next', async () => {
  let answer = (_: Standing): void => undefined;
  const { own, pass, asked } = given(() => new Promise((resolve) => (answer = resolve)));
  own.received(1);
  await pass();
  own.forget();
  answer(placed);
  await settled();
  assert.equal(own.at(1), undefined);
  await pass();
  assert.equal(asked(), 2);
});

test('A place is told with the version of the board that it goes with, and not before', async () => {
  let score = 0;
  const { own, pass } = given(() => Promise.resolve({ score: (score += 100), rank: 1, of: 3 }));
  for (const version of [3, 5, 8]) {
    own.received(version);
    await pass();
  }

  assert.deepEqual([2, 3, 4, 5, 7, 8, 9].map((version) => own.at(version)?.score), [undefined, 100, 100, 200, 200, 300, 300]);
});

test('A board that begins anew goes with nothing that was told before', async () => {
  const { own, pass, asked } = given(() => Promise.resolve(placed));
  own.received(70);
  await pass();
  own.received(1);
  assert.equal(own.at(1), undefined);
  await pass();
  assert.deepEqual([asked(), own.at(1)], [2, placed]);
});

test('Who was not on a board is asked for again when it begins anew, or when the last time failed', async () => {
  let fails = false;
  const { own, pass, asked } = given(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve(nowhere)));
  own.received(70);
  await pass();
  own.received(1);
  await pass();
  assert.equal(asked(), 2);
  own.played();
  fails = true;
  own.received(2);
  await pass();
  own.received(3);
  await pass();
  assert.equal(asked(), 4);
});
