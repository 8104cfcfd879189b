import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanHubError } from '@fanhub/client';
import { readSeconds, StreamDelay } from '../src/stream-delay.js';
import { YouPanel } from '../src/you-panel.js';
import { fakeDocument, focused } from './fake-dom.js';
import { fake, givenCards, settled } from './given-cards.js';

fakeDocument();

function store(kept: Record<string, string> = {}) {
  return { kept, getItem: (name: string) => kept[name] ?? null, setItem: (name: string, text: string) => void (kept[name] = text) };
}

function given(forget: () => Promise<void> = () => Promise.resolve()) {
  const parts = givenCards();
  const device = store();
  const delay = new StreamDelay(device, null);
  const delays: number[] = [];
  const panel = new YouPanel({ words: parts.context.words, formats: parts.context.formats, me: parts.context.me, delay, delayed: () => delays.push(delay.ms), forget });
  const root = fake(panel.root);
  const open = async (): Promise<void> => {
    root.open = true;
    root.dispatch('toggle');
    await settled();
  };
  const submit = async (name: string, value: string): Promise<void> => {
    const form = root.find('data-form', name);
    form.querySelectorAll('input')[0]!.value = value;
    form.querySelectorAll('input')[0]!.dispatch('input');
    form.dispatch('submit');
    await settled();
  };
  return { ...parts, device, delays, root, open, submit, input: (name: string) => root.find('data-form', name).querySelectorAll('input')[0]! };
}

test('The name is asked for when the panel is opened, and taken with a button', async () => {
  const { root, open, submit, input, calls } = given();
  assert.equal(input('name').value, '');
  await open();
  assert.equal(input('name').value, 'Ana');
  await submit('name', '  Bea ');
  assert.deepEqual(calls, [['rename', 'Bea']]);
  assert.match(root.seen, /You are “Bea” now\./);
  root.find('data-form', 'name').querySelectorAll('button')[1]!.dispatch('click');
  await settled();
  assert.equal(input('name').value, 'Fan 1');
  assert.equal(focused(), input('name'), 'the button that was pressed is gone');
});

test('A refused name is told with the server’s words, at the field', async () => {
  const { root, open, submit, input, hub } = given();
  await open();
  hub.rename = () => Promise.reject(new FanHubError('invalid', 'That name is taken.'));
  await submit('name', 'Staff');
  assert.match(root.seen, /That name is taken\./);
  assert.equal(input('name').getAttribute('aria-invalid'), 'true');
  assert.equal(focused(), input('name'));
  assert.match(input('name').getAttribute('aria-describedby')!, /problem/);
  hub.rename = () => Promise.reject(new FanHubError('unavailable', 'TypeError: Failed to fetch'));
  await submit('name', 'Cy');
  assert.match(root.seen, /could not be saved/);
  assert.doesNotMatch(root.seen, /Failed to fetch/);
  await submit('name', ' ');
  assert.match(root.seen, /Write a name first/);
});

test('What is being written is not overwritten by what the server says', async () => {
  const { open, input } = given();
  input('name').value = 'Dee';
  input('name').dispatch('input');
  await open();
  assert.equal(input('name').value, 'Dee');
});

test('The delay is set in seconds and kept on the device', async () => {
  const { root, submit, delays, device, input } = given();
  await submit('delay', '30');
  await submit('delay', '2,5');
  assert.deepEqual([delays, device.kept['fanhub.delay']], [[30_000, 2_500], '2.5']);
  assert.match(root.seen, /^You, 2.5 s behind .*Everything is shown 2.5 seconds later\./);
  for (const wrong of ['601', '-1', 'soon']) {
    await submit('delay', wrong);
    assert.match(root.seen, /Give a number from 0 to 600/);
    assert.equal(input('delay').getAttribute('aria-invalid'), 'true');
  }

  await submit('delay', '');
  assert.match(root.seen, /^You .*Everything is shown at once\./);
  assert.deepEqual(delays, [30_000, 2_500, 0]);
});

test('The address goes before what was kept, and is kept itself', () => {
  const device = store({ 'fanhub.delay': '12' });
  assert.equal(new StreamDelay(device, null).ms, 12_000);
  assert.equal(new StreamDelay(device, 'nonsense').seconds, 12);
  assert.equal(new StreamDelay(device, '30').seconds, 30);
  assert.equal(new StreamDelay(device, null).seconds, 30);
  assert.equal(new StreamDelay(device, '0').seconds, 0);
  assert.equal(new StreamDelay(undefined, null).seconds, 0);
  const forbidden = { getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('no'); } };
  assert.equal(new StreamDelay(forbidden, '5').seconds, 5);
  for (const wrong of ['', ' ', '1e9', 'NaN', 'Infinity', null, undefined]) assert.equal(readSeconds(wrong), undefined, String(wrong));
});

test('Being forgotten takes two steps, the second of which says what goes and what stays', async () => {
  let forgotten = 0;
  const { root, open } = given(() => Promise.resolve(void forgotten++));
  await open();
  const press = async (step: string): Promise<void> => {
    root.find('data-forget', step).dispatch('click');
    await settled();
  };
  await press('ask');
  assert.match(root.seen, /Forget me\? .*go\. .*stay counted.* Yes, forget me No, keep me/);
  assert.equal(focused().seen, 'Forget me?');
  await press('no');
  assert.equal(focused(), root.find('data-forget', 'ask'));
  assert.equal(forgotten, 0);
  await press('ask');
  await press('yes');
  assert.equal(forgotten, 1);
  assert.equal(focused().seen, 'You are forgotten. You go on as somebody new.');
});

test('Where it could not be done, nothing is said to be forgotten', async () => {
  const { root } = given(() => Promise.reject(new FanHubError('unavailable', '')));
  root.find('data-forget', 'ask').dispatch('click');
  root.find('data-forget', 'yes').dispatch('click');
  await settled();
  assert.match(root.seen, /you are still known/);
  assert.match(root.seen, /Yes, forget me/);
});
