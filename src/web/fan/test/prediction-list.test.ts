import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { FanHubError, type PredictionItem, type Update } from '@fanhub/client';
import { PredictionList, predictionsOf } from '../src/prediction-list.js';
import { fakeDocument } from './fake-dom.js';
import { board, fake, givenCards, iso, item, prediction, settled, viewOf } from './given-cards.js';

fakeDocument();
mock.timers.enable({ apis: ['setTimeout'] });

function given() {
  const parts = givenCards();
  const list = new PredictionList(parts.context, 'demo');
  parts.onChange(() => list.render());
  const show = (shown: PredictionItem, ...others: Update[]): number => list.show(viewOf(item('prediction:x', shown), ...others));
  const root = fake(list.root);
  const submit = async (): Promise<void> => {
    root.querySelectorAll('form')[0]!.dispatch('submit');
    await settled();
  };
  return { ...parts, list, show, root, submit };
}

test('A prediction is made as a vote is, and can be changed until it is locked', async () => {
  const { show, root, submit, calls, hub } = given();
  hub.ballots = [];
  show(prediction({ closesAt: iso(90) }));
  assert.match(root.seen, /Prediction · Open closes in 1:30 Who wins\? Choose one\. A hit is worth 100 points\./);
  root.choose('b');
  await submit();
  assert.match(root.seen, /Your prediction is in\./);
  assert.match(root.seen, /Change my prediction/);
  hub.cast = () => Promise.resolve({ receipt: 'r', status: 'changed', at: '' });
  root.choose('c');
  await submit();
  assert.match(root.seen, /Your prediction is changed\./);
  assert.deepEqual(calls.filter(([method]) => method === 'vote'), [['vote', 'x', ['b']], ['vote', 'x', ['c']]]);
  show(prediction({ state: 'closed' }));
  assert.match(root.seen, /Prediction · Locked .*No more predictions/);
  assert.equal(root.find('data-option', 'c').hasAttribute('data-own'), true);
});

test('A prediction that came too late is told in its own words', async () => {
  const { show, root, submit, hub } = given();
  show(prediction());
  root.choose('b');
  hub.cast = () => Promise.reject(new FanHubError('closed', ''));
  await submit();
  assert.match(root.seen, /It is locked, so your prediction does not count\./);
});

test('Once settled, what came true is marked, and the own hit told with its points', async () => {
  const { show, root, hub, news, pass } = given();
  hub.ballots = [{ interaction: 'x', choices: ['b'], receipt: 'r', at: '' }];
  show(prediction({ state: 'closed' }));
  await settled();
  show(prediction({ state: 'settled', correct: ['b'], settlement: 1 }));
  assert.match(root.seen, /Prediction · Settled Who wins\? This is what came true\..*came true · your prediction/);
  assert.match(root.seen, /You were right: 100 points\./);
  assert.doesNotMatch(root.seen, /Corrected/);
  assert.deepEqual(news, ['Came true: Option b. Who wins? You were right: 100 points.']);
  show(prediction({ state: 'settled', correct: ['a'], settlement: 2 }));
  pass();
  assert.match(root.seen, /Corrected The outcome was changed\..*You were not right this time\./);
  assert.equal(root.find('data-outcome').getAttribute('data-outcome'), 'wrong');
  assert.match(news.at(-1)!, /Came true: Option a/);
});

test('Where several may be named, each that came true brings the points', async () => {
  const { show, root, hub } = given();
  hub.ballots = [{ interaction: 'x', choices: ['a', 'b'], receipt: 'r', at: '' }];
  show(prediction({ maxChoices: 2, state: 'settled', correct: ['a', 'b', 'c'] }));
  await settled();
  assert.match(root.seen, /You were right: 200 points\./);
  show(prediction({ maxChoices: 2, state: 'settled', correct: ['b', 'c'] }));
  assert.match(root.seen, /You were right: 100 points\./);
});

test('None may come true, and one that is void or called off says that it does not count', () => {
  const { show, root } = given();
  show(prediction({ state: 'settled', correct: [] }));
  assert.match(root.seen, /None of these came true\..*You made no prediction\./);
  show(prediction({ state: 'void' }));
  assert.match(root.seen, /Prediction · Void .*nobody gets points/);
  show(prediction({ state: 'cancelled' }));
  assert.match(root.seen, /Prediction · Cancelled .*called off/);
});

test('Points are shown once there are some, with the own place', async () => {
  const { show, root, list, hub } = given();
  hub.place = () => Promise.resolve({ score: 100, rank: 2, of: 2 });
  const points = item('leaderboard:predictions.demo', board('predictions.demo', [[1, 'Bea', 300], [2, 'Ana', 100]]));
  show(prediction(), points);
  mock.timers.tick(1_000);
  await settled();
  assert.match(root.seen, /Predictions: points You have 100 points: rank 2 of 2\..* 1 Bea 300 2 Ana you 100/);
  list.show(viewOf(points));
  assert.equal(root.hidden, false, 'points stay when the predictions are gone');
  assert.equal(list.show(viewOf()), 0);
  assert.equal(root.hidden, true);
});

test('Open ones come first, those that do not count last', () => {
  const items = (['cancelled', 'settled', 'open', 'void', 'closed'] as const).map((state, i) => item(`prediction:${i}`, prediction({ id: String(i), state })));
  assert.deepEqual(predictionsOf(new Map(items.map((one) => [one.key, one]))).map(({ state }) => state), ['open', 'closed', 'settled', 'cancelled', 'void']);
});
