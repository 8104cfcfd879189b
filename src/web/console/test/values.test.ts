import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announcementBody, announcementValues, newAnnouncement } from '../src/announcement-values.js';
import { channelBody, channelValues } from '../src/channel-values.js';
import { fromLocal, toLocal } from '../src/moments.js';
import { newPoll, pollBody, pollValues, predictionBody, predictionValues } from '../src/poll-values.js';
import { newQuiz, quizBody, quizValues } from '../src/quiz-values.js';
import { announcement, poll, prediction, question, quiz } from './given.js';

test('a poll that goes through its form says what it said', () => {
  const given = poll({ maxChoices: 2, changeable: true, visibility: 'after_vote', opensAt: '2026-07-31T18:30:00.000Z', closesAt: '2026-07-31T18:31:05.250Z', lateWindowMs: 1_500 });
  const { body, errors } = pollBody(pollValues(given));
  assert.deepEqual(errors, {});
  assert.deepEqual(body, {
    title: given.title,
    options: given.options,
    maxChoices: 2,
    changeable: true,
    visibility: 'after_vote',
    opensAt: given.opensAt,
    closesAt: given.closesAt,
    lateWindowMs: 1_500,
  });
});

test('a poll closes by hand, after seconds or at a moment, and only one of them is sent', () => {
  const values = { ...newPoll(), title: { en: 'Q' }, seconds: '90', closesAt: '2026-07-31T20:00:00' };
  const sent = (ending: 'hand' | 'seconds' | 'moment'): unknown[] => {
    const { body } = pollBody({ ...values, ending });
    return [body['seconds'], body['closesAt']];
  };
  assert.deepEqual(sent('hand'), [undefined, undefined]);
  assert.deepEqual(sent('seconds'), [90, undefined]);
  assert.deepEqual(sent('moment'), [undefined, fromLocal('2026-07-31T20:00:00')]);
  assert.equal(pollValues(poll({ seconds: 90, closesAt: '2026-07-31T20:00:00Z' })).ending, 'seconds');
});

test('what is left empty is not sent, in any language', () => {
  const { body } = pollBody({ ...newPoll(), title: { en: 'Q', fr: ' ' }, options: [{ label: { en: 'A', es: '' } }, { label: {} }] });
  assert.deepEqual(body, { title: { en: 'Q' }, options: [{ label: { en: 'A' } }, { label: {} }], changeable: false, visibility: 'live' });
});

test('what is no number, and what was announced and is missing, is told by the paths that the server uses', () => {
  const { errors } = pollBody({ ...newPoll(), maxChoices: 'two', lateWindow: '1,5', ending: 'moment' });
  assert.deepEqual(errors, { maxChoices: ['is not a number'], closesAt: ['is needed'] });
  assert.deepEqual(pollBody({ ...newPoll(), ending: 'seconds' }).errors, { seconds: ['is needed'] });
  const untimed = newQuiz();
  untimed.questions[0]!.seconds = 'x';
  assert.deepEqual(quizBody(untimed).errors, { 'questions[0].seconds': ['is not a number'] });
});

test('a prediction has its points and its unit too', () => {
  const { body } = predictionBody(predictionValues(prediction({ points: 250, unit: 'ATH-100' })));
  assert.equal(body['points'], 250);
  assert.equal(body['unit'], 'ATH-100');
  assert.equal('points' in predictionBody(predictionValues(prediction())).body, false, 'the default is not sent');
});

test('a quiz that goes through its form says what it said', () => {
  const questions = [question({ correct: ['b'], explanation: { en: 'Because.' }, points: 500, seconds: 15 }), question({ id: 'q2', correct: ['a', 'b'], maxChoices: 2 })];
  const { body, errors } = quizBody(quizValues(quiz({ questions, pace: 'timed', pauseSeconds: 8, streakBonus: 50, moreTime: false })));
  assert.deepEqual(errors, {});
  assert.deepEqual(body, {
    title: { en: 'Quiz' },
    scoring: 'speed',
    streakBonus: 50,
    pace: 'timed',
    pauseSeconds: 8,
    moreTime: false,
    questions: [
      { id: 'q1', text: { en: 'When?' }, options: questions[0]!.options, correct: ['b'], points: 500, seconds: 15, explanation: { en: 'Because.' } },
      { id: 'q2', text: { en: 'When?' }, options: questions[0]!.options, correct: ['a', 'b'], maxChoices: 2, seconds: 20 },
    ],
  });
});

test('options that are new get ids that are free, so that the right ones can be named', () => {
  const values = quizValues(quiz());
  values.questions[0]!.options = [
    { label: { en: 'new' }, correct: true },
    { id: 'a', label: { en: 'old' }, correct: false },
    { label: { en: 'newer' }, correct: true },
  ];
  const [first] = quizBody(values).body['questions'] as { options: { id: string }[]; correct: string[] }[];
  assert.deepEqual(first!.options.map((option) => option.id), ['b', 'a', 'c']);
  assert.deepEqual(first!.correct, ['b', 'c']);
});

test('an announcement that goes through its form says what it said', () => {
  const given = announcement({ text: { en: 'At last.' }, severity: 'breaking', link: '/results', image: 'https://example.org/a.jpg', expiresAt: '2026-08-01T00:00:00.000Z' });
  const { body } = announcementBody(announcementValues(given));
  assert.deepEqual(body, { title: given.title, text: given.text, severity: 'breaking', link: '/results', image: given.image, expiresAt: given.expiresAt });
  assert.deepEqual(announcementBody({ ...newAnnouncement(), title: { en: 'X' } }).body, { title: { en: 'X' }, severity: 'info' });
});

test('a channel lists languages as people write them', () => {
  const given = { id: 'gala', title: { en: 'Gala' }, defaultLocale: 'en', requiredLocales: ['fr', 'es-MX'], version: 1 };
  assert.deepEqual(channelBody({ ...channelValues(given), requiredLocales: ' fr,  es-MX ' }), { title: given.title, defaultLocale: 'en', requiredLocales: ['fr', 'es-MX'] });
});

test('moments survive the control for them, to the millisecond', () => {
  for (const moment of ['2026-07-31T18:30:00.000Z', '2026-12-31T23:59:59.007Z']) assert.equal(fromLocal(toLocal(moment)), moment);
  assert.equal(toLocal(undefined), '');
  assert.equal(fromLocal(''), undefined);
});
