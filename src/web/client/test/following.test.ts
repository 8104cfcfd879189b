import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FollowReply } from '../src/wire.js';
import { Later, latest, logged } from './fake-hub.js';
import { given, held } from './given.js';

const reply = (parts: Partial<FollowReply>): FollowReply => ({ channel: 'demo', epoch: 'e1', offset: 0, recovered: false, updates: [], ...parts });

test('A snapshot becomes the map', async () => {
  const { fanHub, hub, host } = await given({ locale: 'fr' });
  hub.answers['Follow'] = () => reply({ offset: 7, updates: [logged(3, 'poll:a', { n: 1 }), logged(7, 'poll:b', { n: 2 }), latest(4, 'tally:a', { n: 3 })] });
  const view = fanHub.follow('demo');
  assert.equal(view.state, 'loading');
  await host.settle();
  assert.deepEqual(held(view), { 'poll:a': { n: 1 }, 'poll:b': { n: 2 }, 'tally:a': { n: 3 } });
  assert.deepEqual(view.position, { epoch: 'e1', offset: 7 });
  assert.equal(view.state, 'ready');
  assert.deepEqual(hub.follows(), [{ channel: 'demo', locale: 'fr' }]);
});

test('Logged updates are taken in order, doubles are not, and removals remove', async () => {
  const { fanHub, hub, host } = await given();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(logged(1, 'poll:a', 1), logged(2, 'poll:b', 1));
  hub.link.updates(logged(1, 'poll:a', 'old'), logged(2, 'poll:b', 'old'));
  hub.link.updates(logged(3, 'poll:a', undefined), logged(4, 'poll:b', null), logged(5, 'poll:c', 3));
  assert.deepEqual(held(view), { 'poll:c': 3 });
  assert.equal(view.position!.offset, 5);
  assert.equal(hub.follows().length, 1);
});

test('What an update took away is told apart from what is merely not there yet', async () => {
  const { fanHub, hub, host } = await given();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(logged(1, 'result:a', 1), logged(2, 'result:b', 1), logged(3, 'result:a', null));
  assert.deepEqual([...view.removed], ['result:a']);
  hub.link.updates(logged(4, 'result:a', 2), logged(5, 'result:b', null));
  assert.deepEqual([...view.removed], ['result:b']);
  hub.link.notice({ code: 'resync', message: '', channel: 'demo', epoch: 'e2', offset: 9 });
  assert.deepEqual([...view.items.keys(), ...view.removed], []);
});

test('A hole is filled by following again from where the view is, and nothing after it is shown before', async () => {
  const { fanHub, hub, host } = await given();
  const view = fanHub.follow('demo');
  await host.pass(5_000);
  hub.answers['Follow'] = () => reply({ offset: 3, recovered: true, updates: [logged(1, 'poll:a', 1), logged(2, 'poll:b', 2), logged(3, 'poll:c', 3), latest(9, 'tally:a', 9)] });
  hub.link.updates(logged(3, 'poll:c', 3));
  assert.deepEqual(held(view), {});
  assert.equal(view.state, 'syncing');
  assert.equal(fanHub.status, 'connecting');
  await host.settle();
  assert.deepEqual(hub.follows()[1], { channel: 'demo', since: { epoch: 'e1', offset: 0 } });
  assert.deepEqual(held(view), { 'poll:a': 1, 'poll:b': 2, 'poll:c': 3, 'tally:a': 9 });
  assert.equal(fanHub.status, 'live');
});

test('A channel that keeps showing holes is not followed in a tight loop', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => reply({ offset: 9, recovered: false, updates: [] });
  fanHub.follow('demo');
  await host.pass(5_000);
  for (let i = 0; i < 20; i++) {
    hub.link.updates(logged(99, 'poll:a', i));
    await host.pass(100);
  }

  assert.ok(hub.follows().length <= 4, `${hub.follows().length} times in 2 s`);
});

test('An update of another epoch makes the view start again from a snapshot', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => reply({ offset: 5, updates: [logged(5, 'poll:a', 'old')] });
  const view = fanHub.follow('demo');
  await host.pass(5_000);
  hub.answers['Follow'] = () => reply({ epoch: 'e2', offset: 2, updates: [logged(1, 'poll:b', 'new', 'e2')] });
  hub.link.updates(logged(6, 'poll:a', 'x', 'e2'));
  await host.settle();
  assert.deepEqual(hub.follows()[1], { channel: 'demo' });
  assert.deepEqual(held(view), { 'poll:b': 'new' });
  assert.deepEqual(view.position, { epoch: 'e2', offset: 2 });
});

test('A count only moves to a higher version and never moves the offset', async () => {
  const { fanHub, hub, host } = await given();
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(latest(5, 'tally:a', 5));
  hub.link.updates(latest(4, 'tally:a', 4), latest(5, 'tally:a', 'again'));
  assert.deepEqual(held(view), { 'tally:a': 5 });
  hub.link.updates(latest(8, 'tally:a', undefined), latest(7, 'tally:a', 7));
  assert.deepEqual(held(view), {}, 'a count that comes late does not bring back what was removed');
  assert.equal(view.position!.offset, 0);
});

test('A snapshot brings lower versions, because another epoch counts them anew', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => reply({ offset: 0, updates: [latest(90, 'tally:a', 'old')] });
  const view = fanHub.follow('demo');
  await host.settle();
  hub.answers['Follow'] = () => reply({ epoch: 'e2', offset: 0, updates: [latest(2, 'tally:a', 'new', 'e2')] });
  hub.link.drop();
  await host.pass(1_000);
  assert.deepEqual(held(view), { 'tally:a': 'new' });
});

test('A resync clears the channel, and its snapshot is taken although its offsets do not follow', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => reply({ offset: 5, updates: [logged(5, 'poll:a', 'old'), latest(50, 'tally:a', 'old')] });
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.notice({ code: 'resync', channel: 'demo', epoch: 'e2', offset: 8 });
  assert.deepEqual(held(view), {});
  hub.link.updates(logged(2, 'poll:b', 2, 'e2'), logged(8, 'poll:c', 8, 'e2'), latest(1, 'tally:a', 1, 'e2'));
  hub.link.updates(logged(5, 'poll:d', 5, 'e2'));
  hub.link.updates(logged(9, 'poll:b', 9, 'e2'));
  assert.deepEqual(held(view), { 'poll:b': 9, 'poll:c': 8, 'poll:d': 5, 'tally:a': 1 });
  assert.deepEqual(view.position, { epoch: 'e2', offset: 9 });
  hub.link.updates(logged(2, 'poll:b', 'late', 'e2'));
  assert.equal(held(view)['poll:b'], 9);
  assert.equal(hub.follows().length, 1);
});

test('What arrives before the reply is applied after it', async () => {
  const { fanHub, hub, host } = await given();
  const answer = new Later<FollowReply>();
  hub.answers['Follow'] = () => answer.promise;
  const view = fanHub.follow('demo');
  await host.settle();
  hub.link.updates(logged(4, 'poll:a', 'seen'), logged(5, 'poll:b', 'next'));
  hub.link.updates(latest(3, 'tally:a', 'older'), logged(6, 'poll:c', 'last'));
  answer.resolve(reply({ offset: 4, updates: [logged(4, 'poll:a', 'snapshot'), latest(7, 'tally:a', 'newer')] }));
  await host.settle();
  assert.deepEqual(held(view), { 'poll:a': 'snapshot', 'poll:b': 'next', 'poll:c': 'last', 'tally:a': 'newer' });
  assert.equal(view.position!.offset, 6);
});

test('A new epoch that begins while a reply is awaited is not lost', async () => {
  const { fanHub, hub, host } = await given();
  const answer = new Later<FollowReply>();
  hub.answers['Follow'] = () => answer.promise;
  const view = fanHub.follow('demo');
  await host.settle();
  answer.resolve(reply({ offset: 4, updates: [logged(4, 'poll:a', 'old')] }));
  hub.link.notice({ code: 'resync', channel: 'demo', epoch: 'e2', offset: 0 });
  hub.answers['Follow'] = () => reply({ epoch: 'e2', offset: 1, updates: [logged(1, 'poll:b', 'new', 'e2')] });
  await host.pass(2_000);
  assert.deepEqual(held(view), { 'poll:b': 'new' });
  assert.equal(view.position!.epoch, 'e2');
});

test('More than can be held back before a reply is asked for again instead', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => new Promise(() => undefined);
  const view = fanHub.follow('demo');
  await host.settle();
  hub.answers['Follow'] = () => reply({ offset: 3_000, updates: [logged(3_000, 'poll:a', 3_000)] });
  for (let i = 1; i <= 3_000; i++) hub.link.updates(logged(i, 'poll:a', i));
  await host.pass(2_000);
  assert.deepEqual(held(view), { 'poll:a': 3_000 });
});

test('After a lost connection every channel is followed from where it was', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = (request: { channel: string }) => reply({ channel: request.channel, offset: request.channel === 'demo' ? 4 : 9 });
  fanHub.follow('demo');
  fanHub.follow('medals');
  await host.settle();
  hub.link.drop();
  assert.equal(fanHub.status, 'connecting');
  hub.answers['Follow'] = (request: { channel: string; since: { offset: number } }) => reply({ channel: request.channel, recovered: true, offset: request.since.offset });
  await host.pass(1_000);
  assert.deepEqual(hub.follows().slice(2), [
    { channel: 'demo', since: { epoch: 'e1', offset: 4 } },
    { channel: 'medals', since: { epoch: 'e1', offset: 9 } },
  ]);
  assert.equal(fanHub.status, 'live');
});

test('Another language is asked for as a whole', async () => {
  const { fanHub, hub, host } = await given({ locale: 'en' });
  hub.answers['Follow'] = (request: { locale: string }) => reply({ offset: 4, updates: [logged(4, 'poll:a', request.locale)] });
  const view = fanHub.follow('demo');
  await host.settle();
  fanHub.setLocale('fr');
  await host.settle();
  assert.deepEqual(hub.follows()[1], { channel: 'demo', locale: 'fr' });
  assert.deepEqual(held(view), { 'poll:a': 'fr' });
});

test('A reply in the language before is not shown', async () => {
  const { fanHub, hub, host } = await given({ locale: 'en' });
  const english = new Later<FollowReply>();
  const french = new Later<FollowReply>();
  hub.answers['Follow'] = (request: { locale: string }) => (request.locale === 'en' ? english : french).promise;
  const view = fanHub.follow('demo');
  await host.settle();
  fanHub.setLocale('fr');
  await host.settle();
  english.resolve(reply({ offset: 4, updates: [logged(4, 'poll:a', 'en')] }));
  await host.settle();
  assert.deepEqual(held(view), {});
  french.resolve(reply({ offset: 4, updates: [logged(4, 'poll:a', 'fr')] }));
  await host.settle();
  assert.deepEqual(held(view), { 'poll:a': 'fr' });
});

test('A language that changes while offline is asked for as a whole later', async () => {
  const { fanHub, hub, host } = await given({ locale: 'en' });
  fanHub.follow('demo');
  await host.settle();
  hub.link.drop();
  fanHub.setLocale('fr');
  await host.pass(1_000);
  assert.deepEqual(hub.follows()[1], { channel: 'demo', locale: 'fr' });
});

test('Views of one channel share a subscription, which ends with the last of them', async () => {
  const { fanHub, hub, host } = await given();
  const first = fanHub.follow('demo');
  const second = fanHub.follow('demo');
  let changes = 0;
  first.onChange(() => changes++);
  await host.settle();
  assert.equal(hub.follows().length, 1);
  assert.equal(first.items, second.items);
  first.close();
  first.close();
  const before = changes;
  hub.link.updates(logged(1, 'poll:a', 1));
  assert.equal(changes, before);
  assert.deepEqual(held(second), { 'poll:a': 1 });
  assert.deepEqual(hub.asked('Unfollow'), []);
  second.close();
  assert.deepEqual(hub.asked('Unfollow'), ['demo']);
});

test('One message makes one change, however many updates it has', async () => {
  const { fanHub, hub, host } = await given();
  const view = fanHub.follow('demo');
  await host.settle();
  let changes = 0;
  view.onChange(() => changes++);
  hub.link.updates(logged(1, 'poll:a', 1), logged(2, 'poll:b', 1), latest(1, 'tally:a', 1));
  assert.equal(changes, 1);
  hub.link.updates(logged(1, 'poll:a', 1));
  assert.equal(changes, 1);
});

test('What goes by is told and not kept', async () => {
  const { fanHub, hub, host } = await given();
  const view = fanHub.follow('demo');
  const seen: unknown[] = [];
  view.onFleeting((update) => seen.push(update.data));
  await host.settle();
  hub.link.updates({ ...latest(1, 'cheer:fire', 12), class: 'fleeting' });
  assert.deepEqual(seen, [12]);
  assert.equal(view.items.size, 0);
});

test('A channel that does not exist is refused and not asked for again', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => Promise.reject(new Error("An unexpected error occurred invoking 'Follow' on the server. HubException: not_found: There is no such channel."));
  const view = fanHub.follow('nowhere');
  await host.pass(120_000);
  assert.equal(view.state, 'refused');
  assert.equal(view.error!.code, 'not_found');
  assert.equal(view.error!.message, 'There is no such channel.');
  assert.equal(hub.follows().length, 1);
});

test('A channel that cannot be had for now is asked for again, at ever longer random waits', async () => {
  const { fanHub, hub, host } = await given();
  hub.answers['Follow'] = () => Promise.reject(new Error('unavailable: later'));
  const view = fanHub.follow('demo');
  await host.pass(60_000);
  assert.equal(view.state, 'loading');
  assert.ok(hub.follows().length >= 5 && hub.follows().length <= 8, `${hub.follows().length} times in a minute`);
  hub.answers['Follow'] = () => reply({ offset: 1 });
  await host.pass(20_000);
  assert.equal(view.state, 'ready');
});

test('Stale and fresh are told, for all or for one channel', async () => {
  const { fanHub, hub, host } = await given();
  fanHub.follow('demo');
  await host.settle();
  hub.link.notice({ code: 'stale' });
  assert.equal(fanHub.status, 'stale');
  hub.link.notice({ code: 'fresh' });
  assert.equal(fanHub.status, 'live');
  hub.link.notice({ code: 'stale', channel: 'demo' });
  hub.link.notice({ code: 'stale', channel: 'not followed' });
  assert.equal(fanHub.status, 'stale');
  hub.link.notice({ code: 'fresh', channel: 'demo' });
  assert.equal(fanHub.status, 'live');
});
