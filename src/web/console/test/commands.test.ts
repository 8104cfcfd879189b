import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canEdit, commandsFor } from '../src/commands.js';
import type { Item } from '../src/types.js';
import { announcement, poll, prediction, question, quiz } from './given.js';

/** The commands by name; `!` marks those that are asked about first. */
const offered = (item: Item): string => commandsFor(item).map(({ name, grave }) => (grave ? `${name}!` : name)).join(' ');

test('a poll is opened, closed and revealed, in this order', () => {
  const table = { draft: 'open cancel!', scheduled: 'open cancel!', open: 'close cancel! revoke!', closed: 'reveal cancel! revoke!', revealed: 'revoke!', revoked: '' };
  for (const [state, commands] of Object.entries(table)) assert.equal(offered(poll({ state })), commands, state);
});

test('a prediction is locked and settled, and may be settled again', () => {
  const table = {
    draft: 'open cancel!',
    scheduled: 'open cancel!',
    open: 'lock cancel! revoke!',
    closed: 'settle void! cancel! revoke!',
    settled: 'settle! void! revoke!',
    void: 'settle! revoke!',
    revoked: '',
  };
  for (const [state, commands] of Object.entries(table)) assert.equal(offered(prediction({ state })), commands, state);
});

test('only what fans saw before it was called off can be taken away', () => {
  assert.equal(offered(poll({ state: 'cancelled' })), '');
  assert.equal(offered(poll({ state: 'cancelled', opensAt: '2026-07-31T19:00:00Z' })), '', 'it was to open later');
  assert.equal(offered(poll({ state: 'cancelled', opensAt: '2026-07-31T18:01:00Z' })), 'revoke!');
});

test('a quiz goes from question to question, and is finished early only after asking', () => {
  const at = (current: number, state: string): Item => quiz({ state: 'running', current, questions: [1, 2].map((n) => question({ id: `q${n}`, state: n === current ? state : n < current ? 'revealed' : 'pending' })) });
  assert.equal(offered(quiz()), 'start cancel!');
  assert.equal(offered(at(1, 'open')), 'close reveal next finish! cancel! revoke!');
  assert.equal(offered(at(1, 'closed')), 'reveal next finish! cancel! revoke!');
  assert.equal(offered(at(1, 'revealed')), 'next finish! cancel! revoke!');
  assert.equal(offered(at(2, 'open')), 'close reveal finish! cancel! revoke!');
  assert.equal(offered(at(2, 'revealed')), 'finish cancel! revoke!');
  assert.equal(offered(quiz({ state: 'finished' })), 'revoke!');
});

test('exactly one step is the usual one wherever a show goes on', () => {
  const items = [poll(), poll({ state: 'open' }), prediction({ state: 'closed' }), quiz(), quiz({ state: 'running', current: 1, questions: [question({ state: 'open' }), question()] }), announcement()];
  for (const item of items) assert.equal(commandsFor(item).filter((command) => command.usual).length, 1, `${item.kind} ${item.state}`);
});

test('an announcement is published once and taken away once', () => {
  const table = { draft: 'publish cancel!', scheduled: 'publish cancel!', published: 'revoke!', expired: '', cancelled: '', revoked: '' };
  for (const [state, commands] of Object.entries(table)) assert.equal(offered(announcement({ state })), commands, state);
});

test('only what no fan has seen can be edited', () => {
  assert.deepEqual(['draft', 'scheduled', 'open', 'closed', 'cancelled'].map((state) => canEdit(poll({ state }))), [true, true, false, false, false]);
});
