import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, readPlace, withChoice } from '../src/place.js';

const at = (query: string): ReturnType<typeof readPlace> => readPlace(new URLSearchParams(query));

test('Each address stands for one channel', () => {
  const channels: Record<string, string> = {
    '': '',
    'channel=demo': 'demo',
    'channel=sport.swm': 'sport.swm',
    'view=schedule': 'schedule',
    'view=medals': 'medals',
    'view=unit&unit=SWMW100MFR------------FNL-000100--': 'unit.swmw100mfr------------fnl-000100--',
    'sport=SWM': 'sport.swm',
    'country=aaa': 'noc.aaa',
    'view=unit': '',
    'view=unit&unit=A%2FB%20%C3%A9': 'unit.a_b__',
  };
  for (const [query, channel] of Object.entries(channels)) assert.equal(at(query).channel, channel, query);
  assert.equal(at(`view=unit&unit=${'x'.repeat(99)}`).channel.length, 'unit.'.length + 60);
});

test('A channel of results is the same place, however it was asked for', () => {
  for (const [long, short] of [['channel=sport.swm', 'sport=SWM'], ['channel=noc.aaa', 'country=AAA'], ['channel=medals', 'view=medals']]) assert.deepEqual(at(long!), at(short!));
});

test('What links to a place leads there, in the same language', () => {
  const from = at('channel=demo&locale=fr');
  assert.equal(addressOf(from, 'sport', 'SWM'), '?sport=SWM&locale=fr');
  for (const kind of ['schedule', 'medals', 'unit', 'sport', 'country'] as const) {
    const there = at(addressOf(from, kind, 'A B&C').slice(1));
    assert.equal(there.kind, kind);
    assert.equal(there.locale, 'fr');
  }
});

test('Whoever watches a rehearsal stays in it', () => {
  const from = at('channel=rehearsal.r1.schedule&day=2026-07-01');
  assert.deepEqual([from.kind, from.prefix, from.day], ['schedule', 'rehearsal.r1.', '2026-07-01']);
  const there = at(addressOf(from, 'unit', 'SWM1').slice(1));
  assert.deepEqual([there.kind, there.channel], ['unit', 'rehearsal.r1.unit.swm1']);
});

test('A choice is kept with the rest of the address, and can be taken back', () => {
  const query = new URLSearchParams('view=schedule&locale=fr');
  assert.equal(withChoice(query, 'day', '2026-07-01'), '?view=schedule&locale=fr&day=2026-07-01');
  assert.equal(withChoice(new URLSearchParams('view=schedule&sport=SWM'), 'sport', undefined), '?view=schedule');
  assert.equal(at('view=schedule&day=tomorrow').day, undefined);
});
