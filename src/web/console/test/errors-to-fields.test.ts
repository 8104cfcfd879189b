import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Field } from '../src/field.js';
import { missingTexts, whereOf } from '../src/missing-texts.js';
import { stepsOf } from '../src/paths.js';
import { pollForm } from '../src/poll-form.js';
import { newPoll, pollBody } from '../src/poll-values.js';
import { quizForm } from '../src/quiz-form.js';
import { newQuestion, newQuiz, quizBody } from '../src/quiz-values.js';
import { wordsFor } from '../src/words.js';
import { fakeDocument, refusedIn } from './fake-dom.js';

const words = wordsFor(['en']);
const context = { words, zone: 'UTC', announce: (): void => undefined };

before(fakeDocument);

/** The form as the server's refusal leaves it. */
function refused<T>(field: Field<T>, value: T, errors: Record<string, string[]>): string[] {
  field.languages(['en', 'fr']);
  field.write(value);
  for (const [path, texts] of Object.entries(errors)) for (const text of texts) field.refuse(stepsOf(path), words.refusal(text));
  return refusedIn(field.root);
}

test('a path is taken apart, brackets and dots alike', () => {
  assert.deepEqual(stepsOf('questions[1].options[0].label.fr-CA'), ['questions', '1', 'options', '0', 'label', 'fr-CA']);
});

test('what is wrong with a poll stands at the row and the language that it is about', () => {
  const errors = { 'title.fr': ['is empty'], 'options[1].label': ['lacks the default language, en'], 'options': ['has to have from 2 to 64 entries'], lateWindowMs: ['has to be from 0 to 600000'] };
  assert.deepEqual(refused(pollForm(context), newPoll(), errors).sort(), [
    '1.label.en: There is no text in: en.',
    'lateWindow: From 0 to 600000.',
    'options: From 2 to 64 of them.',
    'title.fr: Something is needed here.',
  ]);
});

test('what is wrong with a quiz stands at the question and the option that it is about', () => {
  const value = { ...newQuiz(), questions: [newQuestion(), newQuestion()] };
  const errors = { 'questions[1].options[0].label.en': ['is longer than 200 characters'], 'questions[1].correct': ['is needed: at least one option’s id'], 'questions[0].seconds': ['is needed'] };
  assert.deepEqual(refused(quizForm(context), value, errors), [
    '0.seconds: Something is needed here.',
    '1.answers: Mark the right answer.',
    '1.0.label.en: At most 200 characters.',
  ]);
});

test('what the form has no place for is said all the same, with its name', () => {
  assert.deepEqual(refused(pollForm(context), newPoll(), { channel: ['does not exist'] }), ['div: channel: does not exist']);
});

test('what is hidden is not where a refusal is shown', () => {
  const value = { ...newPoll(), ending: 'hand' as const };
  assert.deepEqual(refused(pollForm(context), value, { closesAt: ['is in the past'] }), ['div: closesAt: This moment has passed.']);
});

test('a form gives back what it was given, with all of its rows', () => {
  const values = { ...newPoll(), title: { en: 'Q', fr: 'Q ?' }, options: ['a', 'b', 'c'].map((id) => ({ id, label: { en: id } })) };
  const field = pollForm(context);
  field.languages(['en', 'fr']);
  field.write(values);
  assert.deepEqual(pollBody(field.read()), pollBody(values));
  const quiz = { ...newQuiz(), title: { en: 'Z' }, questions: [{ ...newQuestion(), id: 'q7', text: { en: 'Why?' } }, newQuestion()] };
  const other = quizForm(context);
  other.languages(['en']);
  other.write(quiz);
  assert.deepEqual(quizBody(other.read()), quizBody(quiz));
});

test('what keeps an item from opening is told with the place that it is about', () => {
  assert.equal(whereOf('questions[0].options[2].label', words), 'Question 1, Option 3');
  assert.equal(whereOf('title', words), 'Title');
  assert.equal(missingTexts({ 'options[1].label': ['lacks fr, which the channel requires'] }, words).textContent, 'Option 2: There is no text in: fr.');
});

test('a refusal that the page has no words for is shown as it came, in its language', () => {
  assert.deepEqual(wordsFor(['fr']).refusal('is odd'), { text: 'is odd', lang: 'en' });
  assert.deepEqual(wordsFor(['fr']).refusal('is in the past'), { text: 'Ce moment est passé.' });
});
