import assert from 'node:assert/strict';
import { test } from 'node:test';
import { voteFailure, wordsFor } from '../src/strings.js';

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
  assert.match(voteFailure(words, 'something_new'), /Votez à nouveau/);
});
