import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcer } from '../src/announcer.js';

function given() {
  const said: string[] = [];
  let next = (): void => undefined;
  const announcer = new Announcer(
    (text) => said.push(text),
    (_, run) => ((next = run), () => undefined),
  );
  return { announcer, said, pass: () => next() };
}

test('The first news is read out at once, later ones after a pause, the newest of each subject', () => {
  const { announcer, said, pass } = given();
  announcer.news('a', 'a1');
  for (const text of ['a2', 'a3']) announcer.news('a', text);
  announcer.news('b', 'b1');
  assert.deepEqual(said, ['a1']);
  pass();
  assert.deepEqual(said, ['a1', 'a3 b1']);
  pass();
  announcer.news('a', 'a4');
  assert.deepEqual(said.at(-1), 'a4');
});

test('There is never a backlog', () => {
  const { announcer, said, pass } = given();
  announcer.news('first', 'first');
  for (let i = 0; i < 50; i++) announcer.news(`s${i}`, `n${i}`);
  pass();
  pass();
  assert.deepEqual(said, ['first', 'n47 n48 n49']);
});

test('What was taken back is not read out, and no longer stands there', () => {
  const { announcer, said, pass } = given();
  announcer.news('a', 'a1');
  announcer.news('b', 'b1');
  announcer.forget('a');
  announcer.forget('b');
  pass();
  assert.deepEqual(said, ['a1', '']);
});

test('What depends on the moment is worked out when it is said, and left out where it is pointless by then', () => {
  const { announcer, said, pass } = given();
  let left = 10;
  announcer.news('first', 'first');
  announcer.news('time', () => `${left} seconds`);
  announcer.news('gone', () => undefined);
  left = 7;
  pass();
  assert.deepEqual(said, ['first', '7 seconds']);
});
