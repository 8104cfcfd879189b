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
  own.boardAt(1);
  own.boardAt(1);
  own.boardAt(2);
  assert.deepEqual([waits.map(({ ms }) => ms), asked()], [[750], 0]);
  await pass();
  own.boardAt(2);
  await pass();
  assert.deepEqual([asked(), changes(), own.standing], [1, 1, placed]);
  own.boardAt(3);
  await pass();
  assert.equal(asked(), 2);
});

test('A change while the answer is on its way asks once more', async () => {
  let answer = (_: Standing): void => undefined;
  const { own, pass, asked } = given(() => new Promise((resolve) => (answer = resolve)));
  own.boardAt(1);
  await pass();
  own.boardAt(2);
  await pass();
  own.boardAt(3);
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
    own.boardAt(version);
    await pass();
  }

  assert.equal(asked(), 1);
  own.played();
  own.boardAt(4);
  await pass();
  assert.equal(asked(), 2);
});

test('What could not be had is asked for at the next change', async () => {
  let fails = true;
  const { own, pass, asked } = given(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve(placed)));
  own.boardAt(1);
  await pass();
  fails = false;
  own.boardAt(2);
  await pass();
  assert.deepEqual([asked(), own.standing], [2, placed]);
});

test('A place that was asked for by a fan who is forgotten since is not shown to the next', async () => {
  let answer = (_: Standing): void => undefined;
  const { own, pass, asked } = given(() => new Promise((resolve) => (answer = resolve)));
  own.boardAt(1);
  await pass();
  own.forget();
  answer(placed);
  await settled();
  assert.equal(own.standing, undefined);
  own.boardAt(1);
  await pass();
  assert.equal(asked(), 2);
});
