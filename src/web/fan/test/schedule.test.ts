import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScheduleItem } from '@fanhub/client';
import { daysOf, dayToShow, sportsOf } from '../src/schedule.js';
import { update } from './given-results.js';

const item = (day: string, sport: string, units = 1): [string, ReturnType<typeof update<ScheduleItem>>] => [
  `schedule:${day}.${sport}`,
  update(`schedule:${day}.${sport}`, { day, sport, units: Array.from({ length: units }, (_, i) => ({ unit: `${sport}${i}`, title: 'Heat', status: 'scheduled' })) }),
];
const items = new Map([item('2026-07-02', 'SWM'), item('2026-07-01', 'SWM'), item('2026-07-01', 'ATH'), item('2026-06-30', 'JUD', 0)]);

test('The schedule goes by day, then by sport, without days on which nothing is on', () => {
  assert.deepEqual(daysOf(items).map(({ day, sports }) => [day, ...sports.map((one) => one.sport)]), [['2026-07-01', 'ATH', 'SWM'], ['2026-07-02', 'SWM']]);
  assert.deepEqual(daysOf(items, 'ath').map(({ day }) => day), ['2026-07-01']);
  assert.deepEqual(sportsOf(items), ['ATH', 'JUD', 'SWM']);
});

test('The day asked for is shown, else today, the next one, or the last', () => {
  const days = daysOf(items);
  assert.equal(dayToShow(days, '2026-07-02', '2026-07-01'), '2026-07-02');
  assert.equal(dayToShow(days, '2030-01-01', '2026-07-01'), '2026-07-01');
  assert.equal(dayToShow(days, undefined, '2026-06-01'), '2026-07-01');
  assert.equal(dayToShow(days, undefined, '2026-08-01'), '2026-07-02');
  assert.equal(dayToShow([], undefined, '2026-08-01'), undefined);
});
