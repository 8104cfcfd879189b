import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PollItem, Update } from '@fanhub/client';
import { pollsOf } from '../src/polls.js';

const item = (kind: string, id: string, data: Partial<PollItem>): [string, Update] => [
  `${kind}:${id}`,
  { channel: 'demo', epoch: 'e', offset: 1, class: 'logged', key: `${kind}:${id}`, kind, version: 1, at: '', data: { id, ...data } },
];

test('Open polls come first, the newest before the older, cancelled ones last', () => {
  const items = new Map([
    item('poll', 'gone', { state: 'cancelled', opensAt: '2026-07-01T15:00:00+00:00' }),
    item('tally', 'old', {}),
    item('poll', 'old', { state: 'open', opensAt: '2026-07-01T12:00:00+00:00' }),
    item('poll', 'result', { state: 'revealed', opensAt: '2026-07-01T13:00:00+00:00' }),
    item('poll', 'new', { state: 'open', opensAt: '2026-07-01T14:00:00.5+02:00' }),
    item('poll', 'sealed', { state: 'closed', opensAt: '2026-07-01T14:00:00+00:00' }),
  ]);
  assert.deepEqual(pollsOf(items).map((poll) => poll.id), ['new', 'old', 'sealed', 'result', 'gone']);
});
