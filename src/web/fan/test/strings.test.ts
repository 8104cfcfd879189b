import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playEn, playFr } from '../src/play-strings.js';
import { quizEn, quizFr } from '../src/quiz-strings.js';
import { resultsEn, resultsFr } from '../src/result-strings.js';
import { codeWords, voteFailure, wordsFor } from '../src/strings.js';
import { youEn, youFr } from '../src/you-strings.js';

test('The page speaks the first language asked for that it knows, else English', () => {
  assert.equal(wordsFor(['de', 'fr-CA', 'en']).lang, 'fr');
  assert.equal(wordsFor(['ar']).lang, 'en');
  assert.equal(wordsFor(['constructor']).lang, 'en');
  assert.equal(wordsFor([]).lang, 'en');
});

test('Blanks are filled, in what is said and not in what fills them', () => {
  assert.equal(wordsFor(['en'])('noChannel', { name: '{name} $& x' }), 'There is no channel “{name} $& x”. Check the name and try again.');
});

test('Every failure has a text that says what to do', () => {
  const words = wordsFor(['fr']);
  assert.match(voteFailure(words, 'closed'), /terminé/);
  assert.match(voteFailure(words, 'something_new'), /Réessayez/);
  assert.match(voteFailure(words, 'closed', 'question'), /temps/);
  assert.match(voteFailure(words, 'too_many_choices', 'question'), /Trop de réponses/);
});

test('A code that the page does not know is shown as it came', () => {
  const words = wordsFor(['fr']);
  assert.equal(codeWords(words, 'status', 'official'), 'Officiel');
  assert.equal(codeWords(words, 'unit', 'getting_ready'), 'Va commencer');
  assert.equal(codeWords(words, 'mark', 'DSQ'), 'Disqualifié');
  assert.equal(codeWords(words, 'status', 'under_review'), 'under review');
});

const tables: [Record<string, string>, Record<string, string>][] = [[resultsEn, resultsFr], [quizEn, quizFr], [playEn, playFr], [youEn, youFr]];

test('The tables do not overwrite one another', () => {
  const source = wordsFor(['en']);
  for (const [table] of tables) for (const [key, text] of Object.entries(table)) assert.equal(source(key as 'title'), text, key);
});

test('Each language fills the same blanks', () => {
  const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [en, fr] of tables) for (const [key, text] of Object.entries(en)) assert.deepEqual(blanks(fr[key]!), blanks(text), key);
});

test('In French no line breaks before a colon', () => {
  const words = wordsFor(['fr']);
  assert.equal(words('newPoll', { title: 'Qui : lui ?' }), 'Nouveau sondage\u00a0: Qui : lui ?');
  assert.match(words('noChannel', { name: 'x' }), /«\u00a0x\u00a0»/);
});
