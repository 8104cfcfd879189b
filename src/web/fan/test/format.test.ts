import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLocale, countdown, directionOf, leaders, shareOf } from '../src/format.js';

const tally = (counts: Record<string, number>, ballots: number) => ({ of: 'p', counts, ballots, final: false });

test('A countdown reaches zero at the moment, not a second before', () => {
  assert.equal(countdown(3_723_000), '1:02:03');
  assert.equal(countdown(61_000), '1:01');
  assert.equal(countdown(60_001), '1:01');
  assert.equal(countdown(1), '0:01');
  assert.equal(countdown(0), '0:00');
  assert.equal(countdown(-5_000), '0:00');
});

test('Shares are of ballots, and none of nothing', () => {
  assert.equal(shareOf(tally({ a: 1, b: 2 }, 4), 'b'), 0.5);
  assert.equal(shareOf(tally({ a: 3, b: 4 }, 4), 'a'), 0.75);
  assert.equal(shareOf(tally({}, 4), 'a'), 0);
  assert.equal(shareOf(tally({ a: 0 }, 0), 'a'), 0);
});

test('All with the most votes lead, and nobody leads without votes', () => {
  assert.deepEqual([...leaders(tally({ a: 2, b: 2, c: 1 }, 5))], ['a', 'b']);
  assert.deepEqual([...leaders(tally({ a: 0, b: 0 }, 0))], []);
});

test('A locale that is none is left out', () => {
  assert.equal(cleanLocale('fr-ca'), 'fr-CA');
  for (const bad of [null, '', 'x y', '<b>', 'en_GB', 'a'.repeat(36)]) assert.equal(cleanLocale(bad), undefined, String(bad));
});

test('Arabic, Hebrew, Persian and Urdu are written from right to left', () => {
  for (const tag of ['ar', 'ar-EG', 'he', 'fa', 'ur-PK', 'AR']) assert.equal(directionOf(tag), 'rtl');
  for (const tag of ['en', 'fr', 'arn', 'und']) assert.equal(directionOf(tag), 'ltr');
});
