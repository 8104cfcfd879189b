import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedEntries, columnsOf, isMatch, linesOf, rankOf } from '../src/result-lines.js';
import { entry, result } from './given-results.js';

test('Lines changed in a version that the page never saw are marked too', () => {
  const before = result({ entries: [entry('1', { result: '1' }), entry('2', { result: '2' }), entry('3')] });
  const now = result({ version: 3, entries: [entry('1', { result: '1' }), entry('2', { result: '2.5' }), entry('3'), entry('4')], changes: { fields: [], entries: ['4'] } });
  assert.deepEqual([...changedEntries(before, now)].sort(), ['2', '4']);
  assert.deepEqual([...changedEntries(undefined, now)], ['4']);
});

test('Two lines of one competitor are two', () => {
  assert.deepEqual(linesOf([entry('1'), entry('1'), entry('2')], new Set(['1'])).map((line) => [line.key, line.changed]), [['1', true], ['1 2', true], ['2', false]]);
});

test('Columns that would be empty are left out', () => {
  assert.deepEqual(columnsOf('start_list', [entry('1', { start: '4' })]), { rank: false, start: true, result: false, diff: false });
  assert.deepEqual(columnsOf('live', [entry('1', { start: '4', rank: 1 }), entry('2', { mark: 'DNS' })]), { rank: true, start: false, result: true, diff: false });
  assert.deepEqual(columnsOf('live', [entry('1', { result: '1', diff: '+1' })]), { rank: false, start: false, result: true, diff: true });
});

test('Shared places are shown as shared, and a place in words as it came', () => {
  assert.deepEqual([entry('1', { rank: 2, rankEqual: true }), entry('1', { rank: 2 }), entry('1', { rankText: 'AC' }), entry('1')].map(rankOf), ['=2', '2', 'AC', '']);
});

test('Two sides with parts or a winner are a match; two swimmers are not', () => {
  assert.equal(isMatch([entry('1'), entry('2')], [{ name: 'H1', scores: {} }]), true);
  assert.equal(isMatch([entry('1', { outcome: 'W' }), entry('2')], undefined), true);
  assert.equal(isMatch([entry('1'), entry('2')], undefined), false);
});
