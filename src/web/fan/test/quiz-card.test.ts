import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { FanHubError, type QuizItem } from '@fanhub/client';
import { QuizCard } from '../src/quiz-card.js';
import { fakeDocument, focused } from './fake-dom.js';
import { board, fake, givenCards, item, iso, question, quiz, settled, start } from './given-cards.js';

fakeDocument();
mock.timers.enable({ apis: ['setTimeout'] });

function given(first: QuizItem = quiz(), lang?: string) {
  const parts = givenCards(lang);
  const card = new QuizCard(parts.context, first);
  parts.onChange(() => card.render());
  const root = fake(card.root);
  card.update(first, undefined, false);
  /** Time goes on to so many seconds after the beginning. */
  const at = (seconds: number): void => {
    parts.hub.time = start + seconds * 1_000;
    card.tick();
  };
  const panel = () => root.find('data-question');
  const show = (next: QuizItem, isNews = true): void => card.update(next, undefined, isNews);
  const submit = async (): Promise<void> => {
    panel().querySelectorAll('form')[0]!.dispatch('submit');
    await settled();
  };
  return { ...parts, card, root, at, panel, show, submit, timer: () => panel().find('role', 'timer'), options: () => panel().querySelectorAll('input') };
}

test('Before the first question the card says what it waits for', () => {
  const { root } = given();
  assert.match(root.seen, /Quiz · On now The quiz The quiz begins soon/);
  assert.throws(() => root.find('data-question'));
});

test('A question is shown with its options, its time and what it is worth, and read out', () => {
  const { root, panel, show, timer, at, news, options } = given();
  show(quiz(question(1)));
  at(5.2);
  assert.match(root.seen, /Question 1 of 3 The quiz 0:15 left Question text 1\? Choose one\. Up to 1,000 points\. .*Option a .*Option b .*Option c .*Confirm my answer/);
  assert.deepEqual([panel().getAttribute('data-state'), root.getAttribute('data-state')], ['open', 'running']);
  assert.deepEqual(options().map((input) => input.getAttribute('type')), ['radio', 'radio', 'radio']);
  assert.equal(panel().find('class', 'fill').style.values.get('--share'), String(14.8 / 20));
  assert.equal(timer().seen, '0:15 left');
  assert.deepEqual(news, ['Question 1 of 3: Question text 1? You have 20 seconds.']);
});

test('Several answers are checkboxes, no more of them than may be chosen', () => {
  const { panel, show, options } = given();
  show(quiz(question(1, { maxChoices: 2 })));
  assert.deepEqual(options().map((input) => input.getAttribute('type')), ['checkbox', 'checkbox', 'checkbox']);
  panel().choose('a');
  panel().choose('c');
  assert.deepEqual(options().map((input) => input.disabled), [false, true, false]);
});

test('An answer is sent by its button alone, once, and said to be in without a word on whether it is right', async () => {
  const { root, panel, show, submit, calls, at } = given();
  show(quiz(question(1)));
  await submit();
  assert.match(root.seen, /Choose an answer first\./);
  panel().choose('b');
  assert.deepEqual(calls, []);
  await submit();
  await submit();
  at(1);
  assert.deepEqual(calls, [['answer', 'q', 'n1', ['b']]]);
  assert.match(root.seen, /Your answer is in\./);
  assert.doesNotMatch(root.seen, /is right|not right|Confirm/);
  assert.deepEqual([panel().find('data-option', 'b').hasAttribute('data-own'), panel().hasAttribute('data-answered')], [true, true]);
  assert.equal(panel().querySelectorAll('fieldset')[0]!.disabled, true);
});

test('An answer that was refused says why; one that was in before is shown', async () => {
  const { root, hub, panel, show, submit } = given();
  show(quiz(question(1)));
  panel().choose('b');
  hub.cast = () => Promise.reject(new FanHubError('closed', ''));
  await submit();
  assert.match(root.seen, /Time is up, so your answer does not count\./);
  hub.cast = () => Promise.reject(new FanHubError('already_voted', ''));
  hub.ballots = [{ interaction: 'q', question: 'n1', choices: ['c'], receipt: 'r', at: '' }];
  await submit();
  await settled();
  assert.match(root.seen, /Your first answer is in/);
  assert.equal(panel().find('data-option', 'c').hasAttribute('data-own'), true);
});

test('Once the time is up nothing can be chosen, whatever the server says later', () => {
  const { root, panel, show, at, timer } = given();
  show(quiz(question(1)));
  panel().choose('b');
  at(20.4);
  assert.deepEqual([timer().seen, panel().getAttribute('data-answers')], ['Time is up', 'true']);
  at(20.6);
  assert.equal(panel().getAttribute('data-answers'), 'false');
  assert.match(root.seen, /No more answers/);
  show(quiz(question(1, { state: 'closed' })));
  assert.deepEqual(fake(panel()).querySelectorAll('input').map((input) => input.checked), [false, false, false], 'what was never sent is not shown as chosen');
});

test('A fan whose stream is behind has as much longer as the editor allows', () => {
  const { root, hub, show, timer, at } = given();
  hub.delayMs = 30_000;
  show(quiz(question(1), { lateWindowMs: 12_000 }));
  at(30);
  assert.equal(timer().seen, '0:02 left');
  show(quiz(question(1), { lateWindowMs: 60_000 }));
  at(30);
  assert.equal(timer().seen, '0:20 left');
  assert.doesNotMatch(root.seen, /less time/);
  show(quiz(question(1)));
  at(30);
  assert.equal(timer().seen, 'Time is up');
  assert.match(root.seen, /Your video is 30 s behind, but answers wait only 0 s for it/);
});

test('More time is asked for by a button, and doubles the time of questions that open from then on', async () => {
  const { root, hub, calls, show, at, timer, news } = given();
  show(quiz(question(1)));
  at(5);
  root.find('data-more-time').dispatch('click');
  await settled();
  assert.deepEqual(calls, [['moreTime', 'q']]);
  assert.match(root.seen, /You get twice the time from the next question on\./);
  assert.equal(timer().seen, '0:15 left', 'not in this one');
  show(quiz(question(2, { opensAt: iso(30), closesAt: iso(50) })));
  at(30);
  assert.equal(timer().seen, '0:40 left');
  assert.match(root.seen, /You have twice the time\./);
  hub.delayMs = 10_000;
  show(quiz(question(2, { opensAt: iso(30), closesAt: iso(50) }), { lateWindowMs: 10_000 }));
  at(31);
  assert.equal(timer().seen, '0:49 left');
  assert.equal(news.length, 1);
});

test('More time that is refused says so; where the editor has not allowed it, there is no button', async () => {
  const { root, hub, show } = given(quiz(question(1)));
  hub.grant = () => Promise.reject(new FanHubError('conflict', ''));
  root.find('data-more-time').dispatch('click');
  await settled();
  assert.match(root.seen, /This quiz gives everybody the same time\./);
  show(quiz(question(1), { moreTime: false }));
  assert.doesNotMatch(root.seen, /more time/i);
  show(quiz(question(3)));
  assert.doesNotMatch(root.seen, /more time/i, 'there is no next question');
});

test('The reveal marks what was right in words, says whether the own answer was, and explains', async () => {
  const { root, panel, show, submit, news, pass } = given(quiz(question(1)));
  panel().choose('b');
  await submit();
  show(quiz(question(1, { state: 'closed' })));
  assert.match(root.seen, /No more answers\. The right one is on its way\..*Your answer is in\./);
  pass();
  show(quiz(question(1, { state: 'revealed', correct: ['a'], explanation: 'Because.', tally: { of: 'q.n1', counts: { a: 30, b: 10, c: 0 }, ballots: 40, final: true } })));
  pass();
  assert.match(panel().find('data-option', 'a').seen, /right answer, 75%, 30 answers 75% 30 right answer/);
  assert.match(panel().find('data-option', 'b').seen, /your answer, 25%, 10 answers 25% 10 your answer/);
  assert.deepEqual(['a', 'b', 'c'].map((id) => panel().find('data-option', id).getAttribute('data-correct')), ['true', 'false', 'false']);
  assert.equal(panel().find('data-outcome').getAttribute('data-outcome'), 'wrong');
  assert.match(root.seen, /Your answer is not right\. Because\./);
  assert.doesNotMatch(root.seen, /Your answer is in/);
  assert.deepEqual(news.at(-1), 'Question 1, right answer: Option a. Your answer is not right.');
});

test('Of several right answers all that may be chosen are needed, and none beside them', async () => {
  for (const [maxChoices, correct, chosen, outcome] of [
    [2, ['a', 'b'], ['a', 'b'], 'right'],
    [2, ['a', 'b'], ['a'], 'wrong'],
    [2, ['a'], ['a', 'c'], 'wrong'],
    [1, ['a', 'b'], ['b'], 'right'],
  ] as const) {
    const { panel, show, submit } = given(quiz(question(1, { maxChoices })));
    for (const id of chosen) panel().choose(id);
    await submit();
    show(quiz(question(1, { maxChoices, state: 'revealed', correct: [...correct] })));
    assert.equal(panel().find('data-outcome').getAttribute('data-outcome'), outcome, JSON.stringify([correct, chosen]));
  }
});

test('Ten seconds before the end are read out to who has not answered, as many as they are by then', async () => {
  const { show, at, news, pass, panel, submit } = given();
  show(quiz(question(1)));
  at(10.1);
  assert.equal(news.length, 1, 'the opening is still being read');
  at(13);
  pass();
  assert.deepEqual(news.slice(1), ['7 seconds left.']);
  show(quiz(question(2, { opensAt: iso(100), closesAt: iso(120) })));
  pass();
  panel().choose('a');
  await submit();
  at(111);
  pass();
  assert.doesNotMatch(news.join(' '), /9 seconds/);
});

test('The next question takes the place of the last, and the focus with it', async () => {
  const { root, show, panel, submit } = given(quiz(question(1)));
  panel().choose('a');
  panel().querySelectorAll('button')[0]!.focus();
  await submit();
  assert.equal(focused().seen, 'Your answer is in.', 'the button is gone');
  show(quiz(question(1, { state: 'revealed', correct: ['a'] })));
  assert.equal(focused().seen, 'Question text 1?', 'the message is gone');
  show(quiz(question(2)));
  assert.equal(focused().seen, 'Question text 2?');
  assert.equal(root.querySelectorAll('form').length, 1);
  show(quiz(undefined, { state: 'cancelled' }));
  assert.equal(focused().seen, 'The quiz');
});

test('A focus elsewhere stays there', () => {
  const { root, show } = given(quiz(question(1)));
  root.find('data-more-time').focus();
  show(quiz(question(1, { state: 'closed' })));
  show(quiz(question(2)));
  assert.equal(focused(), root.find('data-more-time'));
});

test('The end is said, with the last right answer still there; a quiz that was called off has nothing left', () => {
  const { root, show, news, pass } = given(quiz(question(3)));
  show(quiz(question(3, { state: 'revealed', correct: ['a'] }), { state: 'finished' }));
  assert.match(root.seen, /Quiz · Finished The quiz The quiz is over\. Thank you for playing\. Question text 3\?/);
  assert.equal(news.at(-1), 'The quiz is over: The quiz.');
  pass();
  show(quiz(question(3), { state: 'cancelled' }));
  pass();
  assert.match(root.seen, /Quiz · Cancelled The quiz This quiz was called off/);
  assert.doesNotMatch(root.seen, /Question text/);
  assert.equal(news.at(-1), 'The quiz was called off: The quiz.');
});

test('What a page finds when it comes is not read out', () => {
  const { news } = given(quiz(question(1)));
  assert.deepEqual(news, []);
});

test('Content keeps its own language and direction in a page of another', () => {
  const { panel, root } = given(quiz(question(1, { text: 'ما هو؟', options: [{ id: 'a', label: 'نعم' }, { id: 'b', label: 'No', lang: 'en' }] }), { lang: 'ar' }), 'fr');
  assert.deepEqual([panel().querySelectorAll('h3')[0]!.getAttribute('dir'), panel().querySelectorAll('h3')[0]!.getAttribute('lang')], ['rtl', 'ar']);
  assert.deepEqual(['a', 'b'].map((id) => panel().find('data-option', id).getAttribute('dir')), ['rtl', 'ltr']);
  assert.match(root.seen, /Confirmer ma réponse/);
});

test('The leaderboard is shown with the own place, asked for once after each change', async () => {
  const { card, root, hub, calls, context } = given(quiz(question(1, { state: 'revealed', correct: ['a'] })));
  hub.place = () => Promise.resolve({ score: 500, rank: 7, of: 9 });
  const show = (version: number, rows: [number, string, number][]): void => {
    const update = item('leaderboard:q', board('q', rows, 9), version);
    if (version > 1) context.standings.received(update);
    card.update(quiz(question(1)), update, true);
  };
  show(1, [[1, 'Bea', 900], [2, 'Cy', 800]]);
  show(1, [[1, 'Bea', 900], [2, 'Cy', 800]]);
  mock.timers.tick(1_000);
  await settled();
  assert.deepEqual(calls, [['standing', 'q']]);
  assert.match(root.seen, /Leaderboard You have 500 points: rank 7 of 9\..* 1 Bea 900 2 Cy 800 7 Ana you 500 .*9 people take part\./);
  const standing = root.find('data-standing', 'q');
  assert.deepEqual([standing.getAttribute('data-score'), standing.getAttribute('data-rank')], ['500', '7']);
  hub.place = () => Promise.resolve({ score: 900, rank: 1, of: 9 });
  show(2, [[1, 'Bea', 900], [1, 'Ana', 900]]);
  mock.timers.tick(1_000);
  await settled();
  assert.match(root.seen, / 1 Bea 900 1 Ana you 900 /);
  assert.doesNotMatch(root.seen, / 7 Ana/);
});


test('Whoever sees the board late is told their points no earlier', async () => {
  const { card, root, hub, context } = given(quiz(question(1)));
  const boardAt = (version: number) => item('leaderboard:q', board('q', [[1, 'Bea', 900]], 9), version);
  const come = async (version: number, score: number): Promise<void> => {
    hub.place = () => Promise.resolve({ score, rank: 7, of: 9 });
    context.standings.received(boardAt(version));
    mock.timers.tick(1_000);
    await settled();
  };
  const shown = (): string | null => root.find('data-standing', 'q').getAttribute('data-score');
  await come(1, 100);
  await come(2, 300);
  card.update(quiz(question(1)), boardAt(1), true);
  assert.equal(shown(), '100');
  card.update(quiz(question(2)), boardAt(2), true);
  assert.equal(shown(), '300');
});

test('An explanation may be in another language than its question: it runs as it is written, and no language is claimed for it', () => {
  const { panel, show } = given(quiz());
  show(quiz(question(1, { lang: 'ar', text: 'لماذا؟', state: 'revealed', correct: ['a'], explanation: 'Because.' })));
  const explanation = panel().querySelectorAll('p').find((p) => p.textContent === 'Because.')!;
  assert.deepEqual([explanation.getAttribute('dir'), explanation.getAttribute('lang')], ['auto', '']);
});
